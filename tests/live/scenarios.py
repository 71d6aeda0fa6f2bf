# SPDX-License-Identifier: GPL-3.0-or-later
"""The faults that a person can meet, and healthy controls, each made with real programs.

A scenario's function sets the network up and returns what the person then does: argument lists that
are run one after the other on the client. `fault` is the verdict that is true (None: all is
well). `proof` are Wireshark filters: each selects at least one of the packets that the verdict
gives, and each packet is selected by one of them. `ends` is how the person's last program must
end: it says that the fault was really there.
"""
import dataclasses
import os
import typing

import services
from network import NOBODY, ROUTER, SERVER, python
from services import PASSWORD, USER

SCENARIOS = {}


@dataclasses.dataclass
class Scenario:
    name: str
    lesson: str
    about: str
    prepare: typing.Callable
    fault: typing.Optional[str] = None
    proof: tuple = ()
    also: tuple = ()  # other faults that may be found: true as well, or a consequence
    notes: tuple = ()  # notes that must be there
    ends: typing.Optional[int] = 0
    host: str = "mail.example.org"  # what the person types for the server
    port: int = 0
    address: bool = True  # does the client have an address
    interface: str = "eth0"  # what a correct program records on


def scenario(name, lesson, **more):
    def add(function):
        SCENARIOS[name] = Scenario(name, lesson, function.__doc__, function, **more)
        return function
    return add


def curl(url, *options, seconds=8):
    return [["curl", "--silent", "--show-error", "--max-time", str(seconds), *options, url]]


def login(scheme, password, *options, host="mail.example.org"):
    return curl(f"{scheme}://{host}/", "--user", f"{USER}:{password}", *options)


# What Wireshark's filters say of the packets that prove a fault.
SYN = "tcp.flags.syn == 1 and tcp.flags.ack == 0"
SYNACK = "tcp.flags.syn == 1 and tcp.flags.ack == 1"
REFUSED = "tcp.flags.reset == 1 and tcp.seq == 1 and tcp.ack == 1"
QUESTION = "dns.flags.response == 0 and dns.qry.name contains \"example.org\""
HELLO = "tls.handshake.type == 1"


# My mail program cannot log in

@scenario("pop-ok", "mail-login", port=110, host="pop.example.org")
def _(network):
    """A POP3 login that is accepted."""
    services.names(network)
    services.mailbox(network)
    return login("pop3", PASSWORD, host="pop.example.org")


@scenario("pop-refused", "mail-login", port=110, host="pop.example.org", ends=67,
          fault="pop3-login-refused", proof=('pop.response.indicator == "-ERR"', "pop.request"))
def _(network):
    """The POP3 server refuses the password (curl, AUTH PLAIN)."""
    services.names(network)
    services.mailbox(network)
    return login("pop3", "wrong-pony", host="pop.example.org")


@scenario("pop-refused-plain", "mail-login", port=110, host="pop.example.org", ends=77,
          fault="pop3-login-refused", proof=('pop.response.indicator == "-ERR"',
                                             'pop.request.command in {"USER", "PASS"}'))
def _(network):
    """The POP3 server refuses USER and PASS (mpop)."""
    services.names(network)
    services.mailbox(network)
    rc = network.file("mpoprc", f"""account default
host pop.example.org
user {USER}
password wrong-pony
auth user
tls off
delivery mbox {network.path("box")}
""", 0o600)
    return [["mpop", "-q", "-C", rc]]


@scenario("pops-refused", "mail-login", port=995, host="mail.example.org", ends=67,
          fault="tls-login-refused-likely", proof=("tls.app_data",))
def _(network):
    """The POP3 server refuses the password, encrypted: only sizes are seen."""
    services.names(network)
    services.mailbox(network, encrypted=True)
    return login("pop3s", "wrong-pony", "--cacert", network.path("ca.crt"))


@scenario("pops-ok", "mail-login", port=995)
def _(network):
    """An encrypted POP3 login that is accepted."""
    services.names(network)
    services.mailbox(network, encrypted=True)
    return login("pop3s", PASSWORD, "--cacert", network.path("ca.crt"))


@scenario("imap-ok", "mail-login", port=143)
def _(network):
    """An IMAP login that is accepted."""
    services.names(network)
    services.mailbox(network)
    return login("imap", PASSWORD)


@scenario("imap-refused", "mail-login", port=143, ends=67, fault="imap-login-refused",
          proof=('imap.response.status == "NO"', "imap.request or imap.line contains \"AHN0\""))
def _(network):
    """The IMAP server refuses the password."""
    services.names(network)
    services.mailbox(network)
    return login("imap", "wrong-pony")


@scenario("imaps-distrusted", "mail-login", port=993, ends=60, fault="tls-certificate-rejected",
          proof=("tls.alert_message.desc == 48",))
def _(network):
    """The mail program does not know who signed the server's certificate."""
    services.names(network)
    services.mailbox(network, encrypted=True)
    return login("imaps", PASSWORD)


@scenario("tls-on-plain-port", "mail-login", port=110, ends=35, fault="tls-on-plain-port",
          proof=("tcp.payload[0:2] == 16:03",))
def _(network):
    """The mail program speaks encrypted to port 110."""
    services.names(network)
    services.mailbox(network)
    return curl("pop3s://mail.example.org:110/", "--user", f"{USER}:{PASSWORD}")


@scenario("plain-on-tls-port", "mail-login", port=995, ends=28, fault="tls-both-wait",
          proof=(SYN, "tcp.port == 995 and not tcp.len > 0"))
def _(network):
    """The mail program waits on port 995 for a greeting in plain text."""
    services.names(network)
    services.mailbox(network, encrypted=True)
    return curl("pop3://mail.example.org:995/", "--user", f"{USER}:{PASSWORD}", seconds=7)


@scenario("port-closed", "mail-login", port=110, host="pop.example.org", ends=7,
          fault="tcp-refused", proof=(SYN, REFUSED))
def _(network):
    """No mail server is running."""
    services.names(network)
    return login("pop3", PASSWORD, host="pop.example.org")


@scenario("port-filtered", "mail-login", port=110, ends=28, fault="tcp-no-answer", proof=(SYN,))
def _(network):
    """A firewall swallows what goes to port 110."""
    services.names(network)
    services.mailbox(network)
    network.nft("provider", {"forward": ["tcp dport 110 drop"]})
    return curl("pop3://mail.example.org/", "--user", f"{USER}:{PASSWORD}", seconds=4)


@scenario("port-forbidden", "mail-login", port=143, ends=7, fault="icmp-prohibited",
          proof=("icmp.type == 3 and icmp.code == 13", f"{SYN} and not icmp"))
def _(network):
    """A firewall forbids port 143 and says so."""
    services.names(network)
    network.nft("provider", {"forward": ["tcp dport 143 reject with icmpx type admin-prohibited"]})
    return login("imap", PASSWORD)


def send(password, *options):
    """Send a letter by the small mail server."""
    return curl("smtp://smtp.example.org:587/", "--user", f"{USER}:{password}", "--mail-from",
                "steve35@example.org", "--mail-rcpt", "anna@example.net", "--upload-file",
                os.path.join(os.path.dirname(__file__), "scenarios.py"), *options)


@scenario("smtp-ok", "mail-login", port=587, host="smtp.example.org")
def _(network):
    """A letter is handed in."""
    services.names(network)
    services.small(network, "smtp", "AUTH PLAIN LOGIN", "235 2.7.0 Authentication successful",
                   port=587)
    return send(PASSWORD)


@scenario("smtp-refused", "mail-login", port=587, host="smtp.example.org", ends=67,
          fault="smtp-login-refused", proof=("smtp.response.code == 535", "smtp.req"))
def _(network):
    """The server that takes outgoing mail refuses the password."""
    services.names(network)
    services.small(network, "smtp", port=587)
    return send("wrong-pony")


@scenario("smtp-starttls-missing", "mail-login", port=587, host="smtp.example.org", ends=64,
          fault="smtp-starttls-missing",
          proof=('smtp.req.command == "EHLO"', "smtp.response.code == 250"))
def _(network):
    """The mail program wants encryption, the server does not offer it."""
    services.names(network)
    services.small(network, "smtp", port=587)
    return send(PASSWORD, "--ssl-reqd")


@scenario("smtp-relay-denied", "mail-login", port=587, host="smtp.example.org", ends=55,
          fault="smtp-relay-denied", proof=("smtp.response.code == 554",
                                            'smtp.req.command == "RCPT"'))
def _(network):
    """The mail program did not log in, so the server takes nothing for others."""
    services.names(network)
    services.small(network, "smtp", "SIZE", "", "554 5.7.1 <anna@example.net>: Relay access denied",
                   port=587)
    return curl("smtp://smtp.example.org:587/", "--mail-from", "steve35@example.org", "--mail-rcpt",
                "anna@example.net", "--upload-file", network.path("resolv.conf"))


# A web page does not load

@scenario("web-ok", "web-page", port=80, host="www.example.org")
def _(network):
    """A web page that loads."""
    services.names(network)
    services.web(network)
    return curl("http://www.example.org/", "--fail")


@scenario("web-secure-ok", "web-page", port=443, host="www.example.org")
def _(network):
    """An encrypted web page that loads."""
    services.names(network)
    services.web(network, tls=True)
    return curl("https://www.example.org/", "--fail", "--cacert", network.path("ca.crt"))


@scenario("web-secure-parting", "web-page", port=443, host="www.example.org")
def _(network):
    """Both said good-bye inside TLS, then the server resets: no fault."""
    services.names(network)
    services.certificate(network, "www.example.org")
    services.small(network, "parting", network.path("crt"), network.path("key"), port=443)
    return [python("visitor", "www.example.org", 443, network.path("ca.crt"))]


@scenario("web-missing", "web-page", port=80, host="www.example.org", ends=22,
          fault="http-client-error", proof=("http.response.code == 404", "http.request"))
def _(network):
    """There is no such page."""
    services.names(network)
    services.web(network)
    return curl("http://www.example.org/holiday.html", "--fail")


@scenario("web-busy", "web-page", port=80, host="www.example.org", ends=22,
          fault="http-server-error", proof=("http.response.code == 503", "http.request"))
def _(network):
    """The web server is overloaded."""
    services.names(network)
    services.web(network)
    return curl("http://www.example.org/busy", "--fail")


@scenario("web-distrusted", "web-page", port=443, host="www.example.org", ends=60,
          fault="tls-certificate-rejected", proof=("tls.alert_message.desc == 48",))
def _(network):
    """The browser does not know who signed the certificate."""
    services.names(network)
    services.web(network, tls=True)
    return curl("https://www.example.org/")


@scenario("web-other-name", "web-page", port=443, host="mail.example.org", ends=60,
          fault="tls-certificate-rejected", proof=("tls.alert_message and tcp.dstport == 443",))
def _(network):
    """The certificate is for another name."""
    services.names(network)
    services.web(network, tls=True)
    return curl("https://mail.example.org/", "--cacert", network.path("ca.crt"))


@scenario("web-other-name-13", "web-page", port=443, host="mail.example.org", ends=60,
          fault="tls-certificate-rejected", proof=("tls.app_data and tcp.dstport == 443",))
def _(network):
    """The certificate is for another name, and encryption hides it (TLS 1.3)."""
    services.names(network)
    services.web(network, tls=True, extra="ssl_protocols TLSv1.3;")
    return curl("https://mail.example.org/", "--cacert", network.path("ca.crt"))


@scenario("web-portal", "web-page", port=80, host="www.example.org", ends=0,
          fault="http-captive-portal", proof=("http.response.code == 302", "http.request"))
def _(network):
    """The network wants a login on its own page first."""
    services.names(network, "--host-record=connectivitycheck.gstatic.com,198.51.100.20")
    services.web(network, role="router",
                 extra="location /generate_204 { return 302 http://portal.example.org/; }")
    network.nft("router", {"prerouting": [f"tcp dport 80 dnat ip to {ROUTER}:80"]})
    return curl("http://connectivitycheck.gstatic.com/generate_204")


@scenario("web-proxy-login", "web-page", port=3128, host="www.example.org", ends=22,
          fault="http-proxy-login", proof=("http.response.code == 407",))
def _(network):
    """The proxy of this network wants a login."""
    services.names(network)
    services.web(network, extra="""listen 3128; error_page 404 =407 /login;
    location /outside { return 407; }""")
    return curl("http://www.example.org/outside", "--fail", "--proxy",
                "http://www.example.org:3128")


@scenario("no-way", "web-page", port=80, host="www.example.org", ends=7,
          fault="icmp-net-unreachable",
          proof=("icmp.type == 3 and icmp.code == 0", f"{SYN} and not icmp"))
def _(network):
    """The router's line to the provider is down."""
    services.names(network)
    network.ip("router", "route del default\n")
    return curl("http://www.example.org/")


@scenario("host-away", "web-page", port=80, host="old.example.org", ends=7,
          fault="icmp-host-unreachable",
          proof=("icmp.type == 3 and icmp.code == 1", f"{SYN} and not icmp"))
def _(network):
    """The server is switched off; the router before it says so."""
    services.names(network, f"--host-record=old.example.org,{NOBODY}")
    return curl("http://old.example.org/")


@scenario("router-away", "web-page", port=80, host=SERVER, ends=7, fault="arp-no-reply",
          proof=("arp.opcode == 1 and arp.dst.proto_ipv4 == 192.0.2.77",))
def _(network):
    """The router is not there: the computer has the wrong address of it."""
    network.ip("client", "route replace default via 192.0.2.77\n")
    return curl(f"http://{SERVER}/")


@scenario("ipv6-dead", "web-page", port=80, host="six.example.org", fault="ipv6-broken",
          proof=(f"ipv6 and {SYN}",))
def _(network):
    """The IPv6 way swallows everything; the program falls back to IPv4 after a while."""
    services.names(network, f"--host-record=six.example.org,{SERVER},2001:db8:2::20")
    services.web(network)
    network.nft("router", {"forward": ["meta nfproto ipv6 drop"]})
    return curl("http://six.example.org/", "--happy-eyeballs-timeout-ms", "2500")


# Names are not found

def look_up(name):
    return curl(f"http://{name}/", seconds=12)


@scenario("names-ok", "names", port=53, host="www.example.org")
def _(network):
    """Names are found, also after a try with the local ending."""
    services.names(network)
    services.web(network)
    network.resolv_conf(f"search home.lan\nnameserver {ROUTER}\noptions ndots:3\n")
    return look_up("www.example.org")


@scenario("name-unknown", "names", port=53, host="pop.exmaple.org", ends=6,
          fault="dns-no-such-name", proof=("dns.flags.rcode == 3", "dns.flags.response == 0"))
def _(network):
    """The name is misspelt."""
    services.names(network)
    return look_up("pop.exmaple.org")


@scenario("name-no-address", "names", port=53, host="example.org", ends=6,
          fault="dns-no-such-address",
          proof=("dns.flags.rcode == 0 and dns.flags.response == 1 and dns.count.answers == 0",
                 QUESTION))
def _(network):
    """The name is only for mail and has no address."""
    services.names(network, "--mx-host=only.example.org,mail.example.org,10")
    return look_up("only.example.org")


@scenario("resolver-silent", "names", port=53, host="www.example.org", ends=6,
          fault="dns-no-answer", proof=(QUESTION,))
def _(network):
    """The name server does not answer."""
    services.names(network)
    network.nft("router", {"input": ["udp dport 53 drop"]})
    return look_up("www.example.org")


@scenario("resolver-absent", "names", port=53, host="www.example.org", ends=6,
          fault="dns-port-closed",
          proof=("icmp.type == 3 and icmp.code == 3", f"{QUESTION} and not icmp"))
def _(network):
    """No name server is running where the computer asks."""
    return look_up("www.example.org")


@scenario("resolver-refuses", "names", port=53, host="www.example.org", ends=6,
          fault="dns-refused", proof=("dns.flags.rcode == 5", QUESTION))
def _(network):
    """The name server serves only others."""
    services.unbound(network, "  access-control: 192.0.2.0/24 refuse")
    return look_up("www.example.org")


@scenario("resolver-failing", "names", port=53, host="www.example.org", ends=6,
          fault="dns-server-failed", proof=("dns.flags.rcode == 2", QUESTION))
def _(network):
    """The name server cannot find out itself."""
    services.unbound(network, """  access-control: 192.0.2.0/24 allow
forward-zone:
  name: "."
  forward-addr: 127.0.0.1@54""")
    return look_up("www.example.org")


# Everything is slow

@scenario("fast", "slow", port=80, host="www.example.org")
def _(network):
    """A large page that comes quickly."""
    services.names(network)
    services.web(network)
    return curl("http://www.example.org/large", "--output", "/dev/null")


@scenario("slow-server", "slow", port=80, host="www.example.org", fault="slow-server",
          proof=("http.request", "http.response or tcp.srcport == 80 and tcp.len > 0"))
def _(network):
    """The server thinks for four seconds."""
    services.names(network)
    services.small(network, "slow", 4, port=80)
    return curl("http://www.example.org/")


@scenario("server-silent", "slow", port=80, host="www.example.org", ends=28,
          fault="server-no-reply", proof=("http.request",))
def _(network):
    """The server takes the request and never answers."""
    services.names(network)
    services.small(network, "silent", port=80)
    return curl("http://www.example.org/", seconds=6)


@scenario("slow-network", "slow", port=80, host="www.example.org", fault="slow-network",
          proof=(SYN, SYNACK))
def _(network):
    """Each packet needs most of a second there and back."""
    services.names(network)
    services.web(network)
    network.slow_line(0.35)
    return curl("http://www.example.org/")


@scenario("loss", "slow", port=80, host="www.example.org", fault="tcp-loss",
          proof=("tcp.analysis.flags or tcp.analysis.retransmission or tcp.analysis.lost_segment",))
def _(network):
    """One packet in fifteen gets lost."""
    services.names(network)
    services.web(network)
    network.nft("provider", {"forward": ["numgen random mod 100 < 7 drop"]})
    return curl("http://www.example.org/large", "--output", "/dev/null", seconds=20)


# Big transfers stall

def upload(network, seconds=8):
    with open(network.path("letter"), "wb") as f:
        f.write(os.urandom(1000) * 300)
    return curl("http://www.example.org/", "--upload-file", network.path("letter"), seconds=seconds)


@scenario("upload-ok", "stall", port=80, host="www.example.org")
def _(network):
    """A large upload that arrives."""
    services.names(network)
    services.small(network, "sink", port=80)
    return upload(network)


@scenario("mtu-told", "stall", port=80, host="www.example.org", notes=("note-mtu-told",))
def _(network):
    """The line is narrow, the router says so, and the upload arrives."""
    services.names(network)
    services.small(network, "sink", port=80)
    network.narrow(1280)
    return upload(network)


@scenario("mtu-hole", "stall", port=80, host="www.example.org", ends=28, fault="tcp-mtu-black-hole",
          proof=("tcp.len >= 1000 and tcp.dstport == 80",))
def _(network):
    """The line is narrow and the router may not say so: large packets vanish."""
    services.names(network)
    services.small(network, "sink", port=80)
    network.narrow(1280)
    network.nft("router", {"output": ["icmp type destination-unreachable drop"]})
    return upload(network, seconds=5)


@scenario("mtu-hole-down", "stall", port=80, host="www.example.org", ends=28,
          fault="tcp-mtu-black-hole",
          proof=("http.request", "tcp.analysis.lost_segment and tcp.srcport == 80"))
def _(network):
    """The large packets of a download vanish."""
    services.names(network)
    services.web(network)
    network.narrow(1280)
    network.nft("provider", {"output": ["icmp type destination-unreachable drop"]})
    return curl("http://www.example.org/medium", "--output", "/dev/null", seconds=6)


@scenario("server-stuck", "stall", port=80, host="www.example.org", ends=28,
          fault="tcp-receiver-full", proof=("tcp.window_size == 0 and tcp.srcport == 80",))
def _(network):
    """The server's program does not take the upload."""
    services.names(network)
    services.small(network, "unread", port=80)
    return upload(network, seconds=5)


@scenario("client-stuck", "stall", port=80, host="www.example.org", fault="tcp-receiver-full",
          proof=("tcp.window_size == 0 and tcp.dstport == 80",))
def _(network):
    """The program on this computer does not take the download."""
    services.names(network)
    services.web(network)
    return [python("glutton", "www.example.org", 80, "/medium", 4)]


@scenario("broken-off", "stall", port=80, host="www.example.org", ends=56,
          fault="tcp-reset-midstream", proof=("tcp.flags.reset == 1 and tcp.srcport == 80",))
def _(network):
    """The server's program crashes in the middle of the answer."""
    services.names(network)
    services.small(network, "reset", port=80)
    return curl("http://www.example.org/", "--output", "/dev/null")


@scenario("server-vanished", "stall", port=80, host="www.example.org", ends=28,
          fault="tcp-stopped-answering", proof=("tcp.analysis.retransmission",))
def _(network):
    """The server loses its network in the middle of an upload."""
    services.names(network)
    services.small(network, "sink", port=80)
    network.nft("provider", {"forward": ["tcp dport 80 quota over 100 kbytes drop",
                                         "tcp sport 80 ct original bytes > 100000 drop"]})
    return upload(network, seconds=6)


# The computer gets no address

def ask_for_address(*options):
    return [["udhcpc", "-i", "eth0", "-f", "-n", "-q", "-t", "3", "-T", "2", "-s", "/bin/true",
             *options]]


@scenario("address-ok", "no-address", host="", address=False)
def _(network):
    """The router gives the computer an address."""
    services.addresses(network)
    return ask_for_address()


@scenario("address-silent", "no-address", host="", address=False, ends=1, fault="dhcp-no-offer",
          proof=("dhcp.option.dhcp == 1",))
def _(_network):
    """Nobody in this network gives out addresses."""
    return ask_for_address()


@scenario("address-refused", "no-address", host="", address=False, ends=1, fault="dhcp-refused",
          proof=("dhcp.option.dhcp == 6",))
def _(network):
    """The router gives out addresses, but not to this computer."""
    services.addresses(network, "--dhcp-authoritative")
    return [python("reboot", "eth0", "198.51.100.7")]
