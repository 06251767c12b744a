//! An assistant that speaks the Model Context Protocol, a JSON object a line, with the program.

use std::io::{BufRead, BufReader, Lines, Write};
use std::process::{Child, ChildStdin, ChildStdout, ExitStatus, Stdio};

use serde_json::{Value, json};

use crate::program::Desk;

/// A conversation with `weir mcp`.
pub(crate) struct Assistant {
    child: Child,
    asks: Option<ChildStdin>,
    hears: Lines<BufReader<ChildStdout>>,
    asked: u64,
}

impl Assistant {
    /// Starts the program and shakes hands; gives what it says of itself too.
    pub(crate) fn of(desk: &Desk, arguments: &[&str]) -> (Self, Value) {
        let mut assistant = Self::silent(desk, arguments);
        let hello = assistant.request(
            "initialize",
            &json!({
                "protocolVersion": "2025-06-18", "capabilities": {},
                "clientInfo": { "name": "test", "version": "1" },
            }),
        );
        assistant.say(&json!({ "jsonrpc": "2.0", "method": "notifications/initialized" }));
        (assistant, hello)
    }

    /// Starts the program and says nothing yet.
    pub(crate) fn silent(desk: &Desk, arguments: &[&str]) -> Self {
        let mut child = desk
            .command(&[&["mcp"], arguments].concat())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("it starts");
        let asks = child.stdin.take();
        let hears = child.stdout.take().expect("its words");
        Self {
            child,
            asks,
            hears: BufReader::new(hears).lines(),
            asked: 0,
        }
    }

    /// Says something, whatever it is.
    pub(crate) fn say(&mut self, message: &Value) {
        let asks = self.asks.as_mut().expect("a conversation");
        writeln!(asks, "{message}").expect("it listens");
        asks.flush().expect("it listens");
    }

    /// What comes of a request: its result, or `{"error": …}`.
    pub(crate) fn request(&mut self, method: &str, params: &Value) -> Value {
        self.asked += 1;
        let id = self.asked;
        self.say(&json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params }));
        loop {
            let line = self.hears.next().expect("an answer").expect("text");
            let mut answer: Value = serde_json::from_str(&line).expect("nothing but the protocol");
            assert_eq!(answer["jsonrpc"], "2.0", "{line}");
            if answer["id"] != json!(id) {
                continue;
            }
            return match answer.get("error") {
                Some(error) => json!({ "error": error }),
                None => answer["result"].take(),
            };
        }
    }

    /// The text of a tool's answer, and whether it is one of an error.
    pub(crate) fn told(&mut self, tool: &str, arguments: &Value) -> (String, bool) {
        let call = json!({ "name": tool, "arguments": arguments });
        let result = self.request("tools/call", &call);
        let text = result["content"][0]["text"].as_str().expect("a text");
        (text.to_owned(), result["isError"] == json!(true))
    }

    /// What a tool answers.
    #[track_caller]
    pub(crate) fn ask(&mut self, tool: &str, arguments: &Value) -> Value {
        let (text, is_error) = self.told(tool, arguments);
        assert!(!is_error, "{tool}: {text}");
        serde_json::from_str(&text).expect("JSON")
    }

    /// What a tool says of arguments that cannot be answered.
    #[track_caller]
    pub(crate) fn refused(&mut self, tool: &str, arguments: &Value) -> String {
        let (text, is_error) = self.told(tool, arguments);
        assert!(is_error, "{tool}: {text}");
        text
    }

    /// The process.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Ends the conversation; gives how the program ended and what else it said.
    pub(crate) fn leave(mut self) -> (ExitStatus, Vec<String>, String) {
        drop(self.asks.take());
        self.ended()
    }

    /// Waits for the end of the program, which has to come by itself.
    pub(crate) fn ended(mut self) -> (ExitStatus, Vec<String>, String) {
        let more: Vec<String> = self.hears.by_ref().map_while(Result::ok).collect();
        let asks = self.asks.take();
        let output = self.child.wait_with_output().expect("it ends");
        drop(asks);
        let said = String::from_utf8(output.stderr).expect("text");
        (output.status, more, said)
    }
}
