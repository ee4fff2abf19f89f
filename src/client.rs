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

/// Environment variables that [`Client::from_env`] reads.
const PUBLIC_KEY: &str = "SENDCLOUD_PUBLIC_KEY";
const SECRET_KEY: &str = "SENDCLOUD_SECRET_KEY";
const BASE_URL: &str = "SENDCLOUD_BASE_URL";
const USER_AGENT: &str = concat!(env!("CARGO_PKG_NAME"), "/", env!("CARGO_PKG_VERSION"));
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(30);
const MAX_RETRIES: u32 = 3;
const HAS_TLS: bool = cfg!(any(feature = "rustls", feature = "rustls-ring"));
const RETRY_AFTER_CAP: Duration = Duration::from_secs(60);
/// What localhost is (RFC 6761, section 6.3); with port 0, the URL's counts.
const LOOPBACK: [SocketAddr; 2] =
    [SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0), SocketAddr::new(IpAddr::V6(Ipv6Addr::LOCALHOST), 0)];

const _: () = assert!(
    ACCEPTS_HTTP_BASIC,
    "the document's operations no longer accept HTTP Basic authentication (`security`, /components/securitySchemes): have \
     `ClientBuilder::credentials` make what they do accept"
);

const _: () = assert!(
    matches!(DEFAULT_BASE_URL.as_bytes(), [b'h', b't', b't', b'p', b's', b':', b'/', b'/', _, ..]),
    "the document's first server (/servers/0/url) is not at an https URL: correct it in openapi/corrections.yaml"
);

/// How a [`Client`] is to be made: [`Client::builder`].
///
/// ```
/// use std::time::Duration;
/// use sendcloud_integrations::Client;
///
/// let client = Client::builder()
///     .credentials("public key", "secret key")
///     .timeout(Duration::from_secs(10))
///     .max_retries(0)
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
    /// Products of the user agent.
    user_agent: String,
    http: reqwest::ClientBuilder,
    /// Whether messages name environment variables.
    is_from_env: bool,
}

impl Client {
    /// Starts a client.
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
            is_from_env: false,
        }
    }

    /// Builds a client from the environment: the keys in `SENDCLOUD_PUBLIC_KEY` and `SENDCLOUD_SECRET_KEY`, and the base URL in
    /// `SENDCLOUD_BASE_URL`, unless that is unset or empty.
    ///
    /// # Errors
    /// If a key is not set, and as [`ClientBuilder::build`]. The message names the variables.
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
    /// Starts a client with keys and base URL from the environment, as [`Client::from_env`] does.
    ///
    /// # Errors
    /// If a key is not set. The message names the variables.
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
                let builder = Self { is_from_env: true, ..Client::builder() }.credentials(public_key, secret_key);
                Ok(base_url.filter(|url| !url.is_empty()).into_iter().fold(builder, Self::base_url))
            }
            (public_key, secret_key, base_url) => {
                let problems = [public_key.err(), secret_key.err(), base_url.err()];
                Err(Error::configuration(problems.into_iter().flatten().collect::<Vec<_>>().join("; ")))
            }
        }
    }

    /// The keys of the Sendcloud account. They are sent as user and password of HTTP Basic authentication (RFC 7617).
    pub fn credentials(mut self, public_key: impl Into<String>, secret_key: impl Into<String>) -> Self {
        self.credentials = Some((public_key.into().into(), secret_key.into().into()));
        self
    }

    /// Where the API is: the document's server by default. A path is kept, a slash at the end makes no difference.
    pub fn base_url(mut self, base_url: impl Into<String>) -> Self {
        self.base_url = base_url.into();
        self
    }

    /// How long one attempt may take, connecting and reading the answer included: 30 seconds by default.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// How long connecting may take, of each attempt: 10 seconds by default.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = timeout;
        self
    }

    /// How long a call may take, with all its attempts and the waits between them: as long as they take by default. No wait is started
    /// that would exceed the deadline; the last attempt's error is returned instead.
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = Some(deadline);
        self
    }

    /// How often a call is repeated at most when it may succeed later ([`Error::is_retryable`]): 3 times by default; 0 means one
    /// attempt. A request that is not idempotent (RFC 9110, section 9.2.2) is repeated only when no connection was made.
    ///
    /// Waits are random, up to one second at first and twice as much each time, but never more than 60 seconds, unless the API asks
    /// for one with `Retry-After`. If it asks for more than [`retry_after_cap`](Self::retry_after_cap), the error is returned at once.
    pub fn max_retries(mut self, max_retries: u32) -> Self {
        self.max_retries = max_retries;
        self
    }

    /// How long a wait the API may ask for with `Retry-After`: 60 seconds by default. If it asks for more, the error is
    /// returned at once, and [`Error::retry_after`] tells how long.
    pub fn retry_after_cap(mut self, cap: Duration) -> Self {
        self.retry_after_cap = cap;
        self
    }

    /// How many bytes of an error body are read at most: 1 MiB by default.
    pub fn max_error_body(mut self, bytes: usize) -> Self {
        self.max_error_body = bytes;
        self
    }

    /// Adds the application to the `User-Agent` header (RFC 9110, section 10.1.5), before this crate.
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

    /// Changes the HTTP client, for proxies and private certificate authorities. Our own policies are set after this: timeouts,
    /// redirects, retries, headers, and certificate checks. A preconfigured TLS backend bypasses these checks.
    ///
    /// ```
    /// # use sendcloud_integrations::Client;
    /// let client = Client::builder()
    ///     .credentials("public key", "secret key")
    ///     .configure_http(|http| http.proxy(reqwest::Proxy::https("http://proxy.example:3128").unwrap()))
    ///     .build()?;
    /// # Ok::<(), sendcloud_integrations::Error>(())
    /// ```
    pub fn configure_http(mut self, configure: impl FnOnce(reqwest::ClientBuilder) -> reqwest::ClientBuilder) -> Self {
        self.http = configure(self.http);
        self
    }

    /// The client.
    ///
    /// # Errors
    /// Tells at once all that is wrong: keys that are missing, empty or cannot be sent by HTTP Basic authentication, and a base
    /// URL that would not do, or would send the keys unprotected.
    pub fn build(self) -> Result<Client, Error> {
        let authorization = self.authorization();
        let base_url = checked_base_url(&self.base_url).map_err(|problem| self.name_variable(BASE_URL, &problem));
        let user_agent = HeaderValue::from_str(&self.user_agent)
            .map_err(|_| "the user agent has a control character, such as a line break".to_owned());
        let ((authorization, secrets), base_url, user_agent) = match (authorization, base_url, user_agent) {
            (Ok(authorization), Ok(base_url), Ok(user_agent)) => (authorization, base_url, user_agent),
            (authorization, base_url, user_agent) => {
                let problems = authorization.err().into_iter().flatten().chain(base_url.err()).chain(user_agent.err());
                return Err(Error::configuration(problems.collect::<Vec<_>>().join("; ")));
            }
        };
        let mut http = self
            .http
            .default_headers(headers(&base_url)?)
            // It would log what is sent, keys included.
            .connection_verbose(false)
            .user_agent(user_agent)
            .connect_timeout(self.connect_timeout)
            .timeout(self.timeout)
            // What is repeated, and when, is decided in one place: see `transport`.
            .retry(reqwest::retry::never())
            .redirect(redirect::Policy::none());
        if base_url.scheme() == "http" {
            // Loopback only (see `checked_base_url`): no proxy is to see the keys in the clear, nothing is to say that localhost is
            // elsewhere, and TLS has no say.
            http = http.no_proxy().resolve_to_addrs("localhost", &LOOPBACK);
        }
        #[cfg(any(feature = "rustls", feature = "rustls-ring"))]
        {
            http = match base_url.scheme() {
                "http" => http.tls_certs_only([]),
                // Whoever is at the other end must be who it says it is.
                _ => http.tls_danger_accept_invalid_certs(false).tls_danger_accept_invalid_hostnames(false),
            };
        }
        #[cfg(all(feature = "rustls-ring", not(feature = "rustls")))]
        provide_ring();
        let http = http.build().map_err(|error| Error::configuration(error::with_cause(&error)))?;
        let transport = Transport {
            authorization,
            secrets,
            max_retries: self.max_retries,
            retry_after_cap: self.retry_after_cap,
            max_error_body: self.max_error_body,
            timeout: self.timeout,
            deadline: self.deadline,
            pace: None,
        };
        Ok(Client::new_with_client(base_url.as_str(), http, transport))
    }

    /// Prepends the environment variable that a value comes from, if it does.
    fn name_variable(&self, variable: &str, problem: &str) -> String {
        if self.is_from_env { format!("{variable}: {problem}") } else { problem.to_owned() }
    }

    /// The `Authorization` header and the secrets in it, or all that keeps the keys from being sent (RFC 7617, section 2).
    fn authorization(&self) -> Result<(HeaderValue, Vec<SecretString>), Vec<String>> {
        let Some((public_key, secret_key)) = &self.credentials else {
            return Err(vec!["there are no credentials: call `credentials`".to_owned()]);
        };
        let (public_key, secret_key) = (public_key.expose_secret(), secret_key.expose_secret());
        let has_control = |key: &str| key.chars().any(char::is_control);
        let problems = [
            (public_key.is_empty(), PUBLIC_KEY, "the public key is empty"),
            (secret_key.is_empty(), SECRET_KEY, "the secret key is empty"),
            (
                public_key.contains(':'),
                PUBLIC_KEY,
                "the public key has a `:`: HTTP Basic authentication cannot send it",
            ),
            (has_control(public_key), PUBLIC_KEY, "the public key has a control character, such as a line break"),
            (has_control(secret_key), SECRET_KEY, "the secret key has a control character, such as a line break"),
        ];
        let found = problems.into_iter().filter(|(is_so, ..)| *is_so);
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
        // A shorter one may be part of any word.
        let is_long = |secret: &SecretString| secret.expose_secret().len() >= 8;
        let secrets = [encoded, secret_key.to_owned().into()].into_iter().filter(is_long).collect();
        Ok((header, secrets))
    }
}

/// What goes with every request beside the keys. `Host` is among it so that no default header of the caller's takes its place.
fn headers(base_url: &Url) -> Result<HeaderMap, Error> {
    let host = match (base_url.host_str().unwrap_or_default(), base_url.port()) {
        (host, Some(port)) => format!("{host}:{port}"),
        (host, None) => host.to_owned(),
    };
    let host = HeaderValue::try_from(host);
    let host = host.map_err(|_| Error::configuration("the base URL has a host that cannot be sent in a header"))?;
    Ok(HeaderMap::from_iter([
        (ACCEPT, HeaderValue::from_static("application/json")),
        // Without it, a server may compress (RFC 9110, section 12.5.3).
        (ACCEPT_ENCODING, HeaderValue::from_static("identity")),
        (HOST, host),
    ]))
}

/// A base URL that requests can be sent to without harm. What is refused is not repeated in the message: it may hold a password.
fn checked_base_url(text: &str) -> Result<Url, String> {
    // reqwest's `Url` reads more than RFC 3986 allows (it takes the path of `https:/api/v3` for a host), and tells an empty user
    // from none no more.
    let uri = text.parse::<Uri>().map_err(|error| {
        let remedy = format!("it {error}; the default is {DEFAULT_BASE_URL}");
        format!("the base URL is not absolute, or has a character that a URI cannot have: {remedy}")
    })?;
    let authority = UriStr::new(uri.as_str()).ok().and_then(UriStr::authority_components);
    let has_user = authority.is_some_and(|authority| authority.userinfo().is_some());
    let url = Url::parse(uri.as_str())
        .map_err(|error| format!("the base URL has a host or port that cannot be used: {error}"))?;
    let problem = if !matches!(url.scheme(), "http" | "https") {
        "the base URL is neither http nor https"
    } else if has_user {
        "the base URL carries a user or password: pass keys to `credentials`"
    } else if url.query().is_some() || url.fragment().is_some() {
        "the base URL has a query or a fragment, and paths are appended to it: leave that out"
    } else if url.scheme() == "https" && !HAS_TLS {
        "the base URL is https, and this build has no TLS: turn on the feature `rustls` or `rustls-ring`"
    } else if url.scheme() == "http" && !is_loopback(&url) {
        "the base URL is plain http, which would send the keys unprotected: use https"
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

/// reqwest asks the process for its provider of cryptography. One that is there already stays.
#[cfg(all(feature = "rustls-ring", not(feature = "rustls")))]
fn provide_ring() {
    let _ = rustls::crypto::ring::default_provider().install_default();
}

impl fmt::Debug for ClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // One that will be refused may hold a password.
        let base_url = checked_base_url(&self.base_url).map_or("(will be refused)", |_| &self.base_url);
        f.debug_struct("ClientBuilder")
            .field("base_url", &base_url)
            .field("timeout", &self.timeout)
            .field("max_retries", &self.max_retries)
            .finish_non_exhaustive()
    }
}
