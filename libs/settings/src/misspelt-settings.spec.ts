import { misspeltSettings } from './misspelt-settings';

describe('misspeltSettings', () => {
  it.each([
    ['REDIS_ULR', 'REDIS_URL'],
    ['REDIS_URI', 'REDIS_URL'],
    ['STATIC_POD', 'STATIC_PODS'],
    ['STATICPODS', 'STATIC_PODS'],
    ['PODS_STATIC', 'STATIC_PODS'],
    ['API_KEY', 'API_KEYS'],
    ['LOGLEVEL', 'LOG_LEVEL'],
    ['redis_url', 'REDIS_URL'],
    ['REDIS-URL', 'REDIS_URL'],
    ['LEADER_ELECTON_ENABELD', 'LEADER_ELECTION_ENABLED'],
    ['TWILIO_AUTH_TOKEN_FIEL', 'TWILIO_AUTH_TOKEN_FILE'],
  ])('takes %s for %s', (name, meant) => {
    expect(misspeltSettings({ [name]: 'x' })).toEqual([{ name, meant }]);
  });

  it('leaves alone what is a setting, empty or not, also by its file', () => {
    expect(misspeltSettings({ REDIS_URL: '', STATIC_PODS: 'a', TWILIO_AUTH_TOKEN_FILE: '/x' })).toEqual([]);
  });

  it('leaves alone what resembles a setting that is given', () => {
    expect(misspeltSettings({ REDIS_URI: 'x', REDIS_URL: 'redis://localhost' })).toEqual([]);
  });

  it.each(['REDIS', 'HTTP', 'HTP', 'METRIC', 'SMART_ROUTER', 'STATIC', 'API'])(
    'leaves alone what Kubernetes says of a service that is called %s',
    (service) => {
      const ends = [
        ...['SERVICE_HOST', 'SERVICE_PORT', 'SERVICE_PORT_HTTP', 'PORT', 'PORT_6379_TCP', 'PORT_6379_TCP_ADDR'],
        ...['PORT_6379_TCP_PORT', 'PORT_6379_TCP_PROTO', 'PORT_53_UDP'],
      ];
      expect(
        misspeltSettings(Object.fromEntries(ends.map((end) => [`${service}_${end}`, 'tcp://1.2.3.4']))).length,
      ).toBe(0);
    },
  );

  it('leaves alone what shells, containers, Node and other programs set', () => {
    const names = (
      'HOME HOST HOSTNAME HOSTTYPE IFS LANG LC_ALL LOGNAME LS_COLORS MAIL MANPATH OLDPWD PATH PORT PPID PS1 PWD SHELL ' +
      'SHLVL TERM TMPDIR TZ UID USER _ EDITOR PAGER DISPLAY SSH_AUTH_SOCK XDG_RUNTIME_DIR INVOCATION_ID JOURNAL_STREAM ' +
      'NODE_OPTIONS NODE_PATH NODE_VERSION NODE_NAME NODE_EXTRA_CA_CERTS NODE_DEBUG NODE_TLS_REJECT_UNAUTHORIZED NO_COLOR ' +
      'YARN_VERSION npm_config_loglevel npm_package_version HTTP_PROXY HTTPS_PROXY NO_PROXY http_proxy https_proxy ' +
      'HTTP_HOST HTTP_ACCEPT REMOTE_ADDR CI DEBUG LOG POD_NAME POD_IP POD_NAMESPACE POD_UID HOST_IP KUBECONFIG ' +
      'KUBERNETES_SERVICE_HOST KUBERNETES_SERVICE_PORT_HTTPS KUBERNETES_PORT_443_TCP SERVICE_ACCOUNT REDIS_HOST REDIS_PORT ' +
      'REDIS_PASSWORD REDIS_USER REDIS_USERNAME REDIS_DB REDIS_TLS REDISCLI_AUTH DATABASE_URL API_URL API_TOKEN ' +
      'OTEL_SERVICE_NAME OTEL_EXPORTER_OTLP_ENDPOINT DD_ENV DD_AGENT_HOST SENTRY_DSN AWS_REGION AWS_ROLE_ARN ' +
      'GOOGLE_APPLICATION_CREDENTIALS PROMETHEUS_PORT TWILIO_ACCOUNT_SID PLIVO_AUTH_ID EXOTEL_SID'
    ).split(' ');
    expect(misspeltSettings(Object.fromEntries(names.map((name) => [name, 'x'])))).toEqual([]);
  });
});
