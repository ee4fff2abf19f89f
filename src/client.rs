//! Client construction.

use std::env::VarError;
use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use iri_string::types::UriStr;
use reqwest::header::{ACCEPT, ACCEPT_ENCODING, HOST, HeaderMap, HeaderValue};
use reqwest::{Url, redirect};
use secrecy::{ExposeSecret, SecretString};

use crate::generated::{ACCEPTS_HTTP_BASIC, DEFAULT_BASE_URL};
use crate::response::BODY_LIMIT;
use crate::transport::Transport;
use crate::{Client, Error, Uri, error};

// Environment variables that `Client::from_env` reads.
const PUBLIC_KEY: &str = "SENDCLOUD_PUBLIC_KEY";
const SECRET_KEY: &str = "SENDCLOUD_SECRET_KEY";
const BASE_URL: &str = "SENDCLOUD_BASE_URL";
const USER_AGENT: &str = concat!(env!("CARGO_PKG_NAME"), "/", env!("CARGO_PKG_VERSION"));
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(30);
const MAX_RETRIES: u32 = 3;
const HAS_TLS: bool = cfg!(any(feature = "rustls", feature = "rustls-ring"));
const RETRY_AFTER_CAP: Duration = Duration::from_secs(60);
/// The addresses of localhost (RFC 6761, section 6.3). Port 0 stands for the port of the URL.
const LOOPBACK: [SocketAddr; 2] =
    [SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0), SocketAddr::new(IpAddr::V6(Ipv6Addr::LOCALHOST), 0)];

const _: () = assert!(
    ACCEPTS_HTTP_BASIC,
    "the operations of the OpenAPI document no longer accept HTTP Basic authentication (`security`, /components/securitySchemes): change \
     `ClientBuilder::credentials` to a scheme that they accept"
);

const _: () = assert!(
    matches!(DEFAULT_BASE_URL.as_bytes(), [b'h', b't', b't', b'p', b's', b':', b'/', b'/', _, ..]),
    "the base URL in the OpenAPI document (/servers) is not an https URL: correct it in openapi/corrections.yaml"
);

/// Configures a [`Client`]. Created with [`Client::builder`] or [`ClientBuilder::from_env`].
///
/// ```
/// use std::time::Duration;
/// use sendcloud_integrations::Client;
///
/// let client = Client::builder()
///     .credentials("public key", "secret key")
///     .timeout(Duration::from_secs(10))
///     .connect_timeout(Duration::from_secs(3))
///     .deadline(Duration::from_secs(60))
///     .max_retries(5)
///     .retry_after_cap(Duration::from_secs(20))
///     .max_error_body(64 * 1024)
///     .build()?;
/// # Ok::<(), sendcloud_integrations::Error>(())
/// ```
#[must_use]
pub struct ClientBuilder {
    credentials: Option<(SecretString, SecretString)>,
    base_url: String,
    timeout: Duration,
    connect_timeout: Duration,
    max_retries: u32,
    retry_after_cap: Duration,
    max_error_body: usize,
    deadline: Option<Duration>,
    user_agent: String,
    http: reqwest::ClientBuilder,
    /// The environment variables that keys and base URL were read from.
    from_env: Vec<&'static str>,
}

impl Client {
    /// Returns a builder with default settings and without credentials.
    ///
    /// ```
    /// use sendcloud_integrations::Client;
    ///
    /// let client = Client::builder().credentials("public key", "secret key").build()?;
    /// # Ok::<(), sendcloud_integrations::Error>(())
    /// ```
    pub fn builder() -> ClientBuilder {
        ClientBuilder {
            credentials: None,
            base_url: DEFAULT_BASE_URL.to_owned(),
            timeout: ATTEMPT_TIMEOUT,
            connect_timeout: CONNECT_TIMEOUT,
            max_retries: MAX_RETRIES,
            retry_after_cap: RETRY_AFTER_CAP,
            max_error_body: BODY_LIMIT,
            deadline: None,
            user_agent: USER_AGENT.to_owned(),
            http: reqwest::ClientBuilder::new(),
            from_env: Vec::new(),
        }
    }

    /// Builds a client with default settings and the keys in the environment variables `SENDCLOUD_PUBLIC_KEY` and
    /// `SENDCLOUD_SECRET_KEY`. If `SENDCLOUD_BASE_URL` is set and not empty, it replaces the default base URL.
    ///
    /// # Errors
    /// Returns an error that names the variables if a key is not set or a variable is not UTF-8. Otherwise, returns the errors of
    /// [`ClientBuilder::build`].
    ///
    /// ```no_run
    /// let client = sendcloud_integrations::Client::from_env()?;
    /// # Ok::<(), sendcloud_integrations::Error>(())
    /// ```
    pub fn from_env() -> Result<Self, Error> {
        ClientBuilder::from_env()?.build()
    }
}

impl ClientBuilder {
    /// Returns a builder with the keys and the base URL from the environment variables listed at [`Client::from_env`].
    ///
    /// # Errors
    /// Returns an error that names the variables if a key is not set or a variable is not UTF-8.
    ///
    /// ```no_run
    /// use sendcloud_integrations::ClientBuilder;
    ///
    /// let client = ClientBuilder::from_env()?.user_agent("my-shop/1.2").max_retries(0).build()?;
    /// # Ok::<(), sendcloud_integrations::Error>(())
    /// ```
    pub fn from_env() -> Result<Self, Error> {
        let optional = |name: &str| match std::env::var(name) {
            Err(VarError::NotUnicode(_)) => Err(format!("the environment variable {name} is not UTF-8")),
            read => Ok(read.ok()),
        };
        let required =
            |name: &str| optional(name)?.ok_or_else(|| format!("the environment variable {name} is not set"));
        match (required(PUBLIC_KEY), required(SECRET_KEY), optional(BASE_URL)) {
            (Ok(public_key), Ok(secret_key), Ok(base_url)) => {
                let base_url = base_url.filter(|url| !url.is_empty());
                let mut from_env = vec![PUBLIC_KEY, SECRET_KEY];
                from_env.extend(base_url.as_ref().map(|_| BASE_URL));
                let builder = Client::builder().credentials(public_key, secret_key);
                Ok(Self { from_env, ..base_url.into_iter().fold(builder, Self::base_url) })
            }
            (public_key, secret_key, base_url) => {
                let problems = [public_key.err(), secret_key.err(), base_url.err()];
                Err(Error::configuration(problems.into_iter().flatten().collect::<Vec<_>>().join("; ")))
            }
        }
    }

    /// Sets the API keys, which Sendcloud's panel shows for an API integration. They are sent with HTTP Basic authentication (RFC 7617).
    pub fn credentials(mut self, public_key: impl Into<String>, secret_key: impl Into<String>) -> Self {
        self.credentials = Some((public_key.into().into(), secret_key.into().into()));
        self.from_env.retain(|variable| *variable == BASE_URL);
        self
    }

    /// Sets the base URL of the API. The default is the server in the OpenAPI document, `https://panel.sendcloud.sc/api/v3`.
    ///
    /// Paths of operations are appended to its path; a trailing slash is ignored. Plain http is accepted for loopback addresses only.
    pub fn base_url(mut self, base_url: impl Into<String>) -> Self {
        self.base_url = base_url.into();
        self.from_env.retain(|variable| *variable != BASE_URL);
        self
    }

    /// Sets the timeout for one attempt, from connecting to the end of the response. The default is 30 seconds.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Sets the timeout for establishing a connection, in each attempt. The default is 10 seconds.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = timeout;
        self
    }

    /// Sets the maximum total time of a call, including all attempts and delays. There is none by default.
    ///
    /// No delay is started that would exceed the deadline; the last attempt's error is returned instead. In `Client::update_all` (feature
    /// `bulk`), time spent in the rate limiter does not count.
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = Some(deadline);
        self
    }

    /// Sets the maximum number of retries of a call that failed with a [retryable](Error::is_retryable) error. The default is 3;
    /// with 0, there is one attempt.
    ///
    /// A random delay precedes each retry. Its maximum is 1 second for the first retry and doubles with each further one, up to 60 seconds.
    /// `Retry-After` replaces the random delay; if it is longer than [`retry_after_cap`](Self::retry_after_cap), the call is not retried.
    /// `max_retries` and `retry_after_cap` do not apply to 429 responses in `Client::update_all` (feature `bulk`).
    ///
    /// A PATCH request to this API does nothing but set values, so it is idempotent (RFC 9110, section 9.2.2).
    pub fn max_retries(mut self, max_retries: u32) -> Self {
        self.max_retries = max_retries;
        self
    }

    /// Sets the longest `Retry-After` that is waited for. The default is 60 seconds. If a response asks for a longer delay, its error is
    /// returned immediately, and [`Error::retry_after`] returns the delay. The cap does not apply to 429 responses in `Client::update_all`
    /// (feature `bulk`).
    pub fn retry_after_cap(mut self, cap: Duration) -> Self {
        self.retry_after_cap = cap;
        self
    }

    /// Sets the maximum number of bytes read from an error body. The default is 1 MiB. Reading also stops after 5 seconds.
    pub fn max_error_body(mut self, bytes: usize) -> Self {
        self.max_error_body = bytes;
        self
    }

    /// Prepends your application to the `User-Agent` header (RFC 9110, section 10.1.5).
    ///
    /// ```
    /// # use sendcloud_integrations::Client;
    /// let client = Client::builder().credentials("public key", "secret key").user_agent("my-shop/1.2").build()?;
    /// // User-Agent: my-shop/1.2 sendcloud-integrations/0.1.0
    /// # Ok::<(), sendcloud_integrations::Error>(())
    /// ```
    pub fn user_agent(mut self, product: impl AsRef<str>) -> Self {
        self.user_agent = format!("{} {USER_AGENT}", product.as_ref());
        self
    }

    /// Configures the underlying HTTP client, for example with a proxy or a private certificate authority.
    ///
    /// Settings of this crate are applied afterwards and take precedence: timeouts, redirects, retries, and the headers `Accept`,
    /// `Accept-Encoding`, `Host` and `User-Agent`. The verification of certificates stays enabled, except with a TLS backend set with
    /// `tls_backend_preconfigured`. If the base URL uses plain http, no proxy is used.
    ///
    /// ```
    /// use sendcloud_integrations::{Client, reqwest::Proxy};
    ///
    /// let proxy = Proxy::https("http://proxy.example:3128")?;
    /// let client = Client::builder().credentials("public key", "secret key").configure_http(|http| http.proxy(proxy)).build()?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn configure_http(mut self, configure: impl FnOnce(reqwest::ClientBuilder) -> reqwest::ClientBuilder) -> Self {
        self.http = configure(self.http);
        self
    }

    /// Builds the client.
    ///
    /// # Errors
    /// Returns all of these problems at once: keys that are missing, are empty or cannot be sent with HTTP Basic authentication, an invalid
    /// user agent, and a base URL that is invalid or would send the keys unencrypted. Also returns an error if these settings are valid,
    /// but the HTTP client cannot be built, because of a setting in `configure_http` or because the system has no CA certificates.
    ///
    /// ```
    /// # use sendcloud_integrations::Client;
    /// let error = Client::builder().credentials("public key", "").base_url("http://panel.sendcloud.sc").build().unwrap_err();
    /// assert_eq!(
    ///     error.to_string(),
    ///     "the client cannot be built: the secret key is empty; the base URL uses plain http, which would send the keys \
    ///      unencrypted: use https",
    /// );
    /// ```
    pub fn build(self) -> Result<Client, Error> {
        let authorization = self.authorization();
        let base_url = parse_base_url(&self.base_url).map_err(|problem| self.name_variable(BASE_URL, &problem));
        let user_agent = HeaderValue::from_str(&self.user_agent)
            .map_err(|_| "the user agent contains a control character, such as a line break: remove it".to_owned());
        let ((authorization, secrets), base_url, user_agent) = match (authorization, base_url, user_agent) {
            (Ok(authorization), Ok(base_url), Ok(user_agent)) => (authorization, base_url, user_agent),
            (authorization, base_url, user_agent) => {
                let problems = authorization.err().into_iter().flatten().chain(base_url.err()).chain(user_agent.err());
                return Err(Error::configuration(problems.collect::<Vec<_>>().join("; ")));
            }
        };
        let mut http = self
            .http
            .default_headers(default_headers(&base_url)?)
            // Verbose connections log requests with their keys.
            .connection_verbose(false)
            .user_agent(user_agent)
            .connect_timeout(self.connect_timeout)
            .timeout(self.timeout)
            // `transport` retries.
            .retry(reqwest::retry::never())
            .redirect(redirect::Policy::none());
        if base_url.scheme() == "http" {
            // Loopback only (see `parse_base_url`): a proxy would see the keys in plain text, a resolver could map localhost to another
            // host, and TLS certificates are not used.
            http = http.no_proxy().resolve_to_addrs("localhost", &LOOPBACK);
        }
        #[cfg(any(feature = "rustls", feature = "rustls-ring"))]
        {
            http = match base_url.scheme() {
                "http" => http.tls_certs_only([]),
                _ => http.tls_danger_accept_invalid_certs(false).tls_danger_accept_invalid_hostnames(false),
            };
        }
        #[cfg(all(feature = "rustls-ring", not(feature = "rustls")))]
        install_ring();
        let http = http.build().map_err(|error| {
            let cause = error::with_cause(&error);
            Error::configuration(format!(
                "{cause}: check the settings of `configure_http` and the CA certificates of the system"
            ))
        })?;
        let transport = Transport {
            authorization,
            secrets,
            max_retries: self.max_retries,
            retry_after_cap: self.retry_after_cap,
            max_error_body: self.max_error_body,
            timeout: self.timeout,
            deadline: self.deadline,
            rate_limiter: None,
        };
        Ok(Client::new_with_client(base_url.as_str(), http, transport))
    }

    /// Prepends the environment variable if the value was read from it.
    fn name_variable(&self, variable: &str, problem: &str) -> String {
        if self.from_env.contains(&variable) { format!("{variable}: {problem}") } else { problem.to_owned() }
    }

    /// Returns the `Authorization` header and the secrets to redact, or all reasons why the keys cannot be sent (RFC 7617, section 2).
    fn authorization(&self) -> Result<(HeaderValue, Vec<SecretString>), Vec<String>> {
        let Some((public_key, secret_key)) = &self.credentials else {
            return Err(vec!["there are no credentials: call `credentials` or use `from_env`".to_owned()]);
        };
        let (public_key, secret_key) = (public_key.expose_secret(), secret_key.expose_secret());
        let has_control = |key: &str| key.chars().any(char::is_control);
        let problems = [
            (public_key.is_empty(), PUBLIC_KEY, "the public key is empty"),
            (secret_key.is_empty(), SECRET_KEY, "the secret key is empty"),
            (
                public_key.contains(':'),
                PUBLIC_KEY,
                "the public key contains a `:`, which HTTP Basic authentication cannot send: check the key",
            ),
            (
                has_control(public_key),
                PUBLIC_KEY,
                "the public key contains a control character, such as a line break: remove it",
            ),
            (
                has_control(secret_key),
                SECRET_KEY,
                "the secret key contains a control character, such as a line break: remove it",
            ),
        ];
        let found = problems.into_iter().filter(|(applies, ..)| *applies);
        let problems: Vec<String> = found.map(|(_, variable, problem)| self.name_variable(variable, problem)).collect();
        if !problems.is_empty() {
            return Err(problems);
        }
        let credentials = SecretString::from(format!("{public_key}:{secret_key}"));
        let encoded = SecretString::from(BASE64_STANDARD.encode(credentials.expose_secret()));
        let header = SecretString::from(format!("Basic {}", encoded.expose_secret()));
        let mut header = HeaderValue::from_str(header.expose_secret())
            .map_err(|_| vec!["the keys cannot be sent in a header".to_owned()])?;
        header.set_sensitive(true);
        // A shorter secret could be part of any word.
        let is_long = |secret: &SecretString| secret.expose_secret().len() >= 8;
        let secrets = [encoded, secret_key.to_owned().into()].into_iter().filter(is_long).collect();
        Ok((header, secrets))
    }
}

/// Returns the default headers of requests. They include `Host` so that a default header of the caller cannot replace it.
fn default_headers(base_url: &Url) -> Result<HeaderMap, Error> {
    let host = match (base_url.host_str().unwrap_or_default(), base_url.port()) {
        (host, Some(port)) => format!("{host}:{port}"),
        (host, None) => host.to_owned(),
    };
    let host = HeaderValue::try_from(host);
    let host = host.map_err(|_| Error::configuration("the host of the base URL cannot be sent in a header"))?;
    Ok(HeaderMap::from_iter([
        (ACCEPT, HeaderValue::from_static("application/json")),
        // Without this header, a server may compress (RFC 9110, section 12.5.3).
        (ACCEPT_ENCODING, HeaderValue::from_static("identity")),
        (HOST, host),
    ]))
}

/// Parses a base URL and rejects one that is unsafe to use. Messages do not repeat the URL: it may contain a password.
fn parse_base_url(text: &str) -> Result<Url, String> {
    // `Url` accepts more than RFC 3986: it takes the path of `https:/api/v3` for a host, and drops an empty user.
    let uri = text.parse::<Uri>();
    let uri =
        uri.map_err(|_| format!("the base URL is not an absolute URL with a host, such as {DEFAULT_BASE_URL}"))?;
    let authority = UriStr::new(uri.as_str()).ok().and_then(UriStr::authority_components);
    let has_user = authority.as_ref().is_some_and(|authority| authority.userinfo().is_some());
    let url = Url::parse(uri.as_str()).map_err(|error| format!("the base URL has an invalid host or port: {error}"))?;
    let problem = if authority.is_none() {
        "the base URL does not begin with https://: use that, or http:// for a loopback address"
    } else if !matches!(url.scheme(), "http" | "https") {
        "the base URL has a scheme other than https: use https"
    } else if has_user {
        "the base URL contains a user or password: pass the keys to `credentials` instead"
    } else if url.query().is_some() || url.fragment().is_some() {
        "the base URL has a query or fragment, to which no path can be appended: remove it"
    } else if url.scheme() == "https" && !HAS_TLS {
        "the base URL uses https, but this build has no TLS: enable the feature `rustls` or `rustls-ring`"
    } else if url.scheme() == "http" && !is_loopback(&url) {
        "the base URL uses plain http, which would send the keys unencrypted: use https"
    } else {
        return Ok(url);
    };
    Err(problem.to_owned())
}

/// Returns whether the host is a loopback address.
pub(crate) fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let address = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    host == "localhost" || address.is_ok_and(|address| address.to_canonical().is_loopback())
}

/// Installs ring as the cryptography provider of the process, which reqwest uses, unless a provider is installed.
#[cfg(all(feature = "rustls-ring", not(feature = "rustls")))]
fn install_ring() {
    let _ = rustls::crypto::ring::default_provider().install_default();
}

impl fmt::Debug for ClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // An invalid base URL may contain a password.
        let base_url = parse_base_url(&self.base_url).map_or("(invalid)", |_| &self.base_url);
        f.debug_struct("ClientBuilder")
            .field("base_url", &base_url)
            .field("timeout", &self.timeout)
            .field("max_retries", &self.max_retries)
            .finish_non_exhaustive()
    }
}
