//! The protection of a connection, as `sslmode` says.

use std::path::Path;
use std::sync::Arc;

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{self, CryptoProvider};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, Error, RootCertStore, SignatureScheme,
};
use rustls_platform_verifier::Verifier;

use crate::history::ServerFault;
use crate::history::settings::TlsMode;

/// What a protected connection needs.
///
/// # Errors
/// [`ServerFault::Tls`] if the authorities cannot be read.
pub(super) fn config(mode: TlsMode, ca_file: Option<&Path>) -> Result<ClientConfig, ServerFault> {
    let provider = Arc::new(crypto::ring::default_provider());
    let verifier = verifier(mode, ca_file, &provider)?;
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| tls(&error))?
        .dangerous()
        .with_custom_certificate_verifier(verifier)
        .with_no_client_auth();
    Ok(config)
}

fn tls(error: &dyn ToString) -> ServerFault {
    ServerFault::Tls(error.to_string())
}

fn verifier(
    mode: TlsMode,
    ca_file: Option<&Path>,
    provider: &Arc<CryptoProvider>,
) -> Result<Arc<dyn ServerCertVerifier>, ServerFault> {
    let extra = ca_file.map(authorities).transpose()?;
    Ok(match (mode, extra) {
        (TlsMode::VerifyFull, extra) => {
            let extra = extra.unwrap_or_default();
            let verifier = Verifier::new_with_extra_roots(extra, Arc::clone(provider));
            Arc::new(verifier.map_err(|error| tls(&error))?)
        }
        (TlsMode::VerifyCa, None) => {
            return Err(ServerFault::Tls("verify-ca needs a ca_file".to_owned()));
        }
        (TlsMode::VerifyCa | TlsMode::Require, extra) => Arc::new(Lenient::new(extra, provider)?),
        (TlsMode::Disable | TlsMode::Prefer, _) => Arc::new(Lenient::new(None, provider)?),
    })
}

fn authorities(path: &Path) -> Result<Vec<CertificateDer<'static>>, ServerFault> {
    let wrong = |why: String| ServerFault::Tls(format!("{}: {why}", path.display()));
    let read = CertificateDer::pem_file_iter(path).and_then(Iterator::collect::<Result<Vec<_>, _>>);
    match read {
        Ok(found) if found.is_empty() => Err(wrong("no certificate in it".to_owned())),
        read => read.map_err(|error| wrong(error.to_string())),
    }
}

/// Looks less closely than the platform does.
#[derive(Debug)]
struct Lenient {
    /// Who is trusted, for whichever host a certificate was made. `None`: any certificate will do,
    /// which keeps out who only listens, not who stands between.
    trusted: Option<Arc<WebPkiServerVerifier>>,
    provider: Arc<CryptoProvider>,
}

impl Lenient {
    fn new(
        roots: Option<Vec<CertificateDer<'static>>>,
        provider: &Arc<CryptoProvider>,
    ) -> Result<Self, ServerFault> {
        let trusted = roots.map(|roots| trusted(roots, provider)).transpose()?;
        Ok(Self {
            trusted,
            provider: Arc::clone(provider),
        })
    }
}

fn trusted(
    certificates: Vec<CertificateDer<'static>>,
    provider: &Arc<CryptoProvider>,
) -> Result<Arc<WebPkiServerVerifier>, ServerFault> {
    let mut roots = RootCertStore::empty();
    for certificate in certificates {
        roots.add(certificate).map_err(|error| tls(&error))?;
    }
    WebPkiServerVerifier::builder_with_provider(Arc::new(roots), Arc::clone(provider))
        .build()
        .map_err(|error| tls(&error))
}

impl ServerCertVerifier for Lenient {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let Some(trusted) = &self.trusted else {
            return Ok(ServerCertVerified::assertion());
        };
        // The authority is looked at before the name.
        let verified =
            trusted.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now);
        match verified {
            Err(Error::InvalidCertificate(
                CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. },
            )) => Ok(ServerCertVerified::assertion()),
            verified => verified,
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        crypto::verify_tls12_signature(message, certificate, signed, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        crypto::verify_tls13_signature(message, certificate, signed, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider
            .signature_verification_algorithms
            .supported_schemes()
    }
}
