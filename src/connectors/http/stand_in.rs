//! A server on loopback that answers as a test says, for the tests of all connectors.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::thread;
use std::time::Duration;

use async_trait::async_trait;
use tokio::time::Instant;
use url::Url;

use super::Tempo;

/// A request as it came.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    /// `GET`, `POST`.
    pub(crate) method: String,
    pub(crate) url: Url,
    /// Names in small letters.
    pub(crate) headers: BTreeMap<String, String>,
    /// What was posted.
    pub(crate) body: Vec<u8>,
}

impl Asked {
    pub(crate) fn path(&self) -> &str {
        self.url.path()
    }

    pub(crate) fn parameter(&self, name: &str) -> Option<String> {
        let mut pairs = self.url.query_pairs();
        pairs
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.into_owned())
    }

    /// What was posted, as JSON.
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(String::as_str)
    }
}

/// What to answer.
#[derive(Clone, Debug)]
pub(crate) enum Reply {
    /// A whole answer.
    Whole {
        status: u16,
        headers: Vec<(&'static str, String)>,
        body: Vec<u8>,
    },
    /// An answer whose connection ends in the middle of the body.
    Cut,
    /// None at all, until the other side gives up.
    Silence,
}

impl Reply {
    pub(crate) fn status(status: u16) -> Self {
        Self::Whole {
            status,
            headers: Vec::new(),
            body: Vec::new(),
        }
    }

    pub(crate) fn json(body: impl Into<String>) -> Self {
        Self::status(200)
            .with("Content-Type", "application/json")
            .body(body.into().into_bytes())
    }

    pub(crate) fn html(body: &str) -> Self {
        Self::status(200)
            .with("Content-Type", "text/html; charset=utf-8")
            .body(body.as_bytes().to_vec())
    }

    pub(crate) fn with(mut self, name: &'static str, value: &str) -> Self {
        if let Self::Whole { headers, .. } = &mut self {
            headers.push((name, value.to_owned()));
        }
        self
    }

    /// Lets the addresses in `Link` lead to `place`, a base address.
    pub(crate) fn with_links_to(mut self, place: &str) -> Self {
        if let Self::Whole { headers, .. } = &mut self {
            for (name, value) in headers {
                if *name == "Link"
                    && let Some((before, path)) = value.split_once("://")
                    && let Some((_, path)) = path.split_once('/')
                {
                    let start = before.rfind('<').unwrap_or_default();
                    *value = format!("{}<{place}{path}", &before[..start]);
                }
            }
        }
        self
    }

    pub(crate) fn body(mut self, bytes: Vec<u8>) -> Self {
        if let Self::Whole { body, .. } = &mut self {
            *body = bytes;
        }
        self
    }
}

/// A request that was answered: when it came and when its answer went, since the server began.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Served {
    /// Its place among all that were [`StandIn::asked`].
    pub(crate) place: usize,
    pub(crate) from: Duration,
    pub(crate) until: Duration,
}

/// Requests under way.
#[derive(Default)]
struct Traffic {
    now: usize,
    most: usize,
    asked: Vec<Asked>,
}

type Answering = Box<dyn FnMut(&Asked) -> Reply + Send>;

struct Shared {
    traffic: Mutex<Traffic>,
    changed: Condvar,
    answer: Mutex<Answering>,
    /// Answers wait until so many requests have been under way at once.
    crowd: usize,
    /// So long every answer takes, in milliseconds.
    delay: AtomicU64,
    begun: Instant,
    /// From when to when requests were under way.
    served: Mutex<Vec<Served>>,
    /// Which requests' answers do.
    waits: Box<dyn Fn(&Asked) -> bool + Send + Sync>,
    ended: AtomicBool,
}

/// The server; it ends when dropped.
pub(crate) struct StandIn {
    address: SocketAddr,
    shared: Arc<Shared>,
}

impl StandIn {
    pub(crate) fn new(answer: impl FnMut(&Asked) -> Reply + Send + 'static) -> Self {
        Self::crowded(0, answer)
    }

    /// Answers only once `crowd` requests have been under way at once.
    pub(crate) fn crowded(
        crowd: usize,
        answer: impl FnMut(&Asked) -> Reply + Send + 'static,
    ) -> Self {
        Self::crowded_for(crowd, |_| true, answer)
    }

    /// As [`StandIn::crowded`], but only for requests that `waits` names.
    pub(crate) fn crowded_for(
        crowd: usize,
        waits: impl Fn(&Asked) -> bool + Send + Sync + 'static,
        answer: impl FnMut(&Asked) -> Reply + Send + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let shared = Arc::new(Shared {
            traffic: Mutex::default(),
            changed: Condvar::new(),
            answer: Mutex::new(Box::new(answer)),
            crowd,
            delay: AtomicU64::new(0),
            begun: Instant::now(),
            served: Mutex::default(),
            waits: Box::new(waits),
            ended: AtomicBool::new(false),
        });
        let accepting = Arc::clone(&shared);
        thread::spawn(move || accept(&listener, &accepting));
        Self { address, shared }
    }

    pub(crate) fn url(&self, path: &str) -> Url {
        format!("http://{}{path}", self.address).parse().unwrap()
    }

    /// Lets every answer take so long from now on.
    pub(crate) fn takes(&self, delay: Duration) {
        let millis = u64::try_from(delay.as_millis()).unwrap();
        self.shared.delay.store(millis, Ordering::Relaxed);
    }

    /// How long it has been there.
    pub(crate) fn now(&self) -> Duration {
        self.shared.begun.elapsed()
    }

    /// All requests that were answered, in the order of their answers.
    pub(crate) fn served(&self) -> Vec<Served> {
        self.shared.served.lock().unwrap().clone()
    }

    /// All requests so far.
    pub(crate) fn asked(&self) -> Vec<Asked> {
        self.shared.traffic.lock().unwrap().asked.clone()
    }

    /// Their paths.
    pub(crate) fn paths(&self) -> Vec<String> {
        let asked = self.asked();
        asked.iter().map(|asked| asked.path().to_owned()).collect()
    }

    /// The most requests that were under way at once.
    pub(crate) fn most_at_once(&self) -> usize {
        self.shared.traffic.lock().unwrap().most
    }

    /// Blocks until so many requests have come; not to be called on the thread that asks.
    pub(crate) fn wait_for(&self, count: usize) {
        let traffic = self.shared.traffic.lock().unwrap();
        let limit = Duration::from_secs(20);
        let waited = self
            .shared
            .changed
            .wait_timeout_while(traffic, limit, |traffic| traffic.asked.len() < count);
        assert!(!waited.unwrap().1.timed_out(), "no {count} requests came");
    }
}

impl Drop for StandIn {
    fn drop(&mut self) {
        self.shared.ended.store(true, Ordering::Relaxed);
        // Wakes the thread that accepts.
        let _ = TcpStream::connect(self.address);
    }
}

fn accept(listener: &TcpListener, shared: &Arc<Shared>) {
    for stream in listener.incoming() {
        if shared.ended.load(Ordering::Relaxed) {
            return;
        }
        let shared = Arc::clone(shared);
        let stream = stream.unwrap();
        thread::spawn(move || serve(&stream, &shared));
    }
}

fn serve(stream: &TcpStream, shared: &Shared) {
    stream.set_nodelay(true).unwrap();
    let mut reader = BufReader::new(stream);
    while let Some(asked) = read_request(&mut reader) {
        let place = shared.arrive(&asked);
        let from = shared.begun.elapsed();
        let reply = (shared.answer.lock().unwrap())(&asked);
        thread::sleep(Duration::from_millis(shared.delay.load(Ordering::Relaxed)));
        let until = shared.begun.elapsed();
        shared
            .served
            .lock()
            .unwrap()
            .push(Served { place, from, until });
        shared.leave();
        if !write_reply(stream, &reply) {
            // Only the other side ends a silence.
            let silent = matches!(reply, Reply::Silence);
            let _ = silent.then(|| reader.read(&mut [0]));
            let _ = stream.shutdown(Shutdown::Both);
            return;
        }
    }
}

impl Shared {
    /// The place of a request among all.
    fn arrive(&self, asked: &Asked) -> usize {
        let mut traffic = self.traffic.lock().unwrap();
        let place = traffic.asked.len();
        traffic.asked.push(asked.clone());
        traffic.now += 1;
        traffic.most = traffic.most.max(traffic.now);
        self.changed.notify_all();
        let limit = Duration::from_secs(20);
        let crowded = self.changed.wait_timeout_while(traffic, limit, |traffic| {
            traffic.most < self.crowd && (self.waits)(asked)
        });
        drop(crowded);
        place
    }

    fn leave(&self) {
        self.traffic.lock().unwrap().now -= 1;
    }
}

fn read_request(reader: &mut BufReader<&TcpStream>) -> Option<Asked> {
    let mut line = String::new();
    reader
        .read_line(&mut line)
        .ok()
        .filter(|count| *count > 0)?;
    let mut words = line.split(' ').map(str::to_owned);
    let (method, target) = (words.next()?, words.next()?);
    let mut headers = BTreeMap::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        let Some((name, value)) = line.trim_end().split_once(": ") else {
            break;
        };
        headers.insert(name.to_lowercase(), value.to_owned());
    }
    let url = format!("http://stand-in{target}").parse().ok()?;
    let length = headers
        .get("content-length")
        .and_then(|text| text.parse().ok());
    let mut body = vec![0; length.unwrap_or_default()];
    reader.read_exact(&mut body).ok()?;
    Some(Asked {
        method,
        url,
        headers,
        body,
    })
}

/// Whether the connection can be used again.
fn write_reply(mut stream: &TcpStream, reply: &Reply) -> bool {
    match reply {
        Reply::Whole {
            status,
            headers,
            body,
        } => {
            let mut head = format!(
                "HTTP/1.1 {status} Any\r\nContent-Length: {}\r\n",
                body.len()
            );
            for (name, value) in headers {
                head.extend([name, ": ", value.as_str(), "\r\n"]);
            }
            head.push_str("\r\n");
            stream.write_all(&[head.as_bytes(), body].concat()).is_ok()
        }
        Reply::Cut => {
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{\"half");
            false
        }
        Reply::Silence => false,
    }
}

/// Waits for nothing, and remembers for how long it would have; every chance is one half.
pub(crate) struct Hurried {
    begin: Instant,
    waits: Mutex<Vec<Duration>>,
}

impl Hurried {
    pub(crate) fn new() -> Arc<Self> {
        Arc::new(Self {
            begin: Instant::now(),
            waits: Mutex::default(),
        })
    }

    /// The waits so far, in milliseconds.
    pub(crate) fn waits(&self) -> Vec<u128> {
        let waits = self.waits.lock().unwrap();
        waits.iter().map(Duration::as_millis).collect()
    }
}

#[async_trait]
impl Tempo for Hurried {
    fn now(&self) -> Instant {
        self.begin + self.waits.lock().unwrap().iter().sum::<Duration>()
    }

    async fn rest(&self, span: Duration) {
        self.waits.lock().unwrap().push(span);
    }

    fn draw(&self) -> f64 {
        0.5
    }
}
