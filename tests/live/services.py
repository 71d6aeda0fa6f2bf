# SPDX-License-Identifier: GPL-3.0-or-later
"""The real servers of the lab, each with its configuration in the network's own folder."""
import os
import subprocess

from network import CLIENT, ROUTER, SERVER, python, which

PASSWORD, USER = "correct-horse", "steve35"
ZONE = {"mail": SERVER, "pop": SERVER, "imap": SERVER, "smtp": SERVER, "www": SERVER}


def names(network, *more, upstream=()):
    """The router's name server, like that in a box for home use."""
    records = [f"--host-record={name}.example.org,{address}" for name, address in ZONE.items()]
    return dnsmasq(network, "--local=/#/", *records, *more, *upstream, port=53)


def dnsmasq(network, *options, port):
    return network.start("router", which("dnsmasq"), "--keep-in-foreground",
                         "--conf-file=/dev/null", "--no-resolv", "--no-hosts", "--user=root",
                         "--log-facility=-",
                         f"--pid-file={network.path('dnsmasq.pid')}", "--interface=lan0",
                         "--bind-interfaces", *options, port=port, proto="udp")


def addresses(network, *options):
    """The router gives out addresses."""
    return dnsmasq(network, "--port=0", "--dhcp-range=192.0.2.100,192.0.2.150,255.255.255.0,1h",
                   "--no-ping", f"--dhcp-leasefile={network.path('leases')}", *options, port=67)


def unbound(network, text):
    """Another name server on the router; text: what differs."""
    conf = network.file("unbound.conf", f"""server:
  interface: {ROUTER}
  chroot: ""
  directory: "{network.folder}"
  pidfile: "{network.path('unbound.pid')}"
  username: ""
  use-syslog: no
  module-config: "iterator"
{text}
remote-control:
  control-enable: no
""")
    return network.start("router", which("unbound"), "-d", "-c", conf, port=53, proto="udp")


def certificate(network, name="mail.example.org", days=30):
    """A key and a certificate by a new authority: files key, crt and ca.crt."""
    def openssl(*args):
        subprocess.run(["openssl", *args], cwd=network.folder, check=True, capture_output=True)
    if not os.path.exists(network.path("ca.crt")):
        openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                "-keyout", "ca.key", "-out", "ca.crt", "-subj", "/O=Lab/CN=Lab Authority",
                "-days", "30")
    openssl("req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
            "-keyout", "key", "-out", "csr", "-subj", f"/O=Lab/CN={name}")
    network.file("san", f"subjectAltName=DNS:{name}\n")
    openssl("x509", "-req", "-in", "csr", "-CA", "ca.crt", "-CAkey", "ca.key", "-CAcreateserial",
            "-days", str(days), "-extfile", "san", "-out", "crt")
    os.chmod(network.path("key"), 0o644)


def mailbox(network, encrypted=False, user=USER, extra=""):
    """dovecot, POP3 and IMAP; extra: more lines of its configuration."""
    network.file("passwd", f"{user}:{PASSWORD}\n")
    for folder in ("run", "mail"):
        os.mkdir(network.path(folder))
    os.chown(network.path("mail"), 65534, -1)
    tls = "ssl = no"
    if encrypted:
        certificate(network)
        tls = f"ssl = yes\nssl_cert = <{network.path('crt')}\nssl_key = <{network.path('key')}"
    conf = network.file("dovecot.conf", f"""base_dir = {network.path('run')}
state_dir = {network.path('run')}
log_path = {network.path('dovecot.log')}
protocols = pop3 imap
listen = *
{tls}
disable_plaintext_auth = no
first_valid_uid = 1
mail_location = maildir:~/Maildir
passdb {{
  driver = passwd-file
  args = scheme=PLAIN {network.path('passwd')}
}}
userdb {{
  driver = static
  args = uid=65534 gid=65534 home={network.path('mail')}/%n
}}
{extra}
""")
    return network.start("server", which("dovecot"), "-F", "-c", conf,
                         port=995 if encrypted else 110)


def web(network, role="server", tls=False, extra=""):
    """nginx with a page, a large file, and errors; extra: more locations."""
    www = network.path("www")
    os.makedirs(www, exist_ok=True)
    network.file("www/index.html", "<html><body><h1>It works</h1></body></html>\n")
    with open(network.path("www", "large"), "wb") as f:
        f.write(os.urandom(1000) * 1500)
    with open(network.path("www", "medium"), "wb") as f:
        f.write(os.urandom(1000) * 150)
    secure = ""
    if tls:
        certificate(network, "www.example.org")
        secure = f"""listen 443 ssl;
    ssl_certificate {network.path('crt')};
    ssl_certificate_key {network.path('key')};"""
    paths = "".join(f"  {kind}_temp_path {network.path('tmp-' + kind)};\n" for kind in
                    ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    conf = network.file(f"{role}-nginx.conf", f"""daemon off;
user root;
pid {network.path(role + '-nginx.pid')};
error_log {network.path(role + '-nginx.errors')};
worker_processes 1;
events {{ }}
http {{
  access_log off;
{paths}
  server {{
    listen 80;
    listen [::]:80;
    {secure}
    root {www};
    {extra}
    location /busy {{ return 503; }}
  }}
}}
""")
    return network.start(role, which("nginx"), "-e", network.path("nginx.errors"), "-c", conf,
                         port=80)


def small(network, kind, *args, port, role="server"):
    """One of programs.py as a server."""
    return network.start(role, *python(kind, port, *args), port=port)


__all__ = ["CLIENT", "PASSWORD", "USER"]
