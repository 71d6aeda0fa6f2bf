# SPDX-License-Identifier: GPL-3.0-or-later
"""The faults that a person can meet, and healthy controls, each made with real programs.

A scenario's function sets the network up and returns what the person then does: argument lists that
are run one after the other on the client. `fault` is the verdict that is true (None: all is
well). `proof` are Wireshark filters: each selects at least one of the packets that the verdict
gives, and each packet is selected by one of them. `ends` is how the person's last program must
end: it says that the fault was really there.
"""
import dataclasses
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


# My mail program cannot log in

SYN = "tcp.flags.syn == 1 and tcp.flags.ack == 0"
REFUSED = "tcp.flags.reset == 1 and tcp.seq == 1 and tcp.ack == 1"


@scenario("pop-ok", "mail-login", port=110, host="pop.example.org")
def _(network):
    """A POP3 login that is accepted."""
    services.names(network)
    services.mailbox(network)
    return login("pop3", PASSWORD, host="pop.example.org")


@scenario("pop-refused", "mail-login", port=110, host="pop.example.org", ends=67,
          fault="pop3-login-refused", proof=('pop.response.indicator == "-ERR"',
                                             'pop.request'))
def _(network):
    """The POP3 server refuses the password (curl)."""
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


@scenario("port-closed", "mail-login", port=110, host="pop.example.org", ends=7,
          fault="tcp-refused", proof=(SYN, REFUSED))
def _(network):
    """No mail server is running."""
    services.names(network)
    return login("pop3", PASSWORD, host="pop.example.org")
