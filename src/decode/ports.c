/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ports: names of well-known services, from the IANA registry of service names and port numbers. */
#include "tracetutor/ports.h"

#include <glib.h>

/* clang-format off: one entry after the other, sorted by port */
const struct value_name port_names_tcp[] = {
	{1, "tcpmux"}, {7, "echo"}, {9, "discard"}, {11, "systat"}, {13, "daytime"},
	{17, "qotd"}, {18, "msp"}, {19, "chargen"}, {20, "ftp-data"}, {21, "ftp"}, {22, "ssh"},
	{23, "telnet"}, {25, "smtp"}, {37, "time"}, {43, "nicname"}, {49, "tacacs"},
	{53, "domain"}, {67, "bootps"}, {68, "bootpc"}, {70, "gopher"}, {79, "finger"},
	{80, "http"}, {88, "kerberos"}, {101, "hostname"}, {102, "iso-tsap"}, {109, "pop2"},
	{110, "pop3"}, {111, "sunrpc"}, {113, "auth"}, {115, "sftp"}, {119, "nntp"},
	{123, "ntp"}, {135, "epmap"}, {137, "netbios-ns"}, {138, "netbios-dgm"},
	{139, "netbios-ssn"}, {143, "imap"}, {161, "snmp"}, {162, "snmptrap"}, {177, "xdmcp"},
	{179, "bgp"}, {194, "irc"}, {199, "smux"}, {220, "imap3"}, {311, "asip-webadmin"},
	{389, "ldap"}, {427, "svrloc"}, {433, "nnsp"}, {443, "https"}, {445, "microsoft-ds"},
	{464, "kpasswd"}, {465, "submissions"}, {512, "exec"}, {513, "login"}, {514, "shell"},
	{515, "printer"}, {540, "uucp"}, {543, "klogin"}, {544, "kshell"}, {548, "afpovertcp"},
	{554, "rtsp"}, {563, "nntps"}, {587, "submission"}, {593, "http-rpc-epmap"},
	{623, "asf-rmcp"}, {631, "ipp"}, {636, "ldaps"}, {646, "ldp"}, {749, "kerberos-adm"},
	{830, "netconf-ssh"}, {853, "domain-s"}, {860, "iscsi"}, {873, "rsync"},
	{989, "ftps-data"}, {990, "ftps"}, {992, "telnets"}, {993, "imaps"}, {995, "pop3s"},
	{1080, "socks"}, {1194, "openvpn"}, {1352, "lotusnote"}, {1433, "ms-sql-s"},
	{1434, "ms-sql-m"}, {1494, "ica"}, {1521, "ncube-lm"}, {1701, "l2f"},
	{1720, "h323hostcall"}, {1723, "pptp"}, {1812, "radius"}, {1813, "radius-acct"},
	{1883, "mqtt"}, {1900, "ssdp"}, {2000, "cisco-sccp"}, {2049, "nfs"}, {2181, "eforward"},
	{2375, "docker"}, {2376, "docker-s"}, {2379, "etcd-client"}, {2628, "dict"},
	{3128, "ndl-aas"}, {3260, "iscsi-target"}, {3268, "msft-gc"}, {3269, "msft-gc-ssl"},
	{3306, "mysql"}, {3389, "ms-wbt-server"}, {3478, "stun"}, {3690, "svn"}, {4190, "sieve"},
	{4369, "epmd"}, {5000, "commplex-main"}, {5004, "avt-profile-1"},
	{5005, "avt-profile-2"}, {5060, "sip"}, {5061, "sips"}, {5222, "xmpp-client"},
	{5269, "xmpp-server"}, {5280, "xmpp-bosh"}, {5349, "stuns"}, {5355, "llmnr"},
	{5432, "postgresql"}, {5671, "amqps"}, {5672, "amqp"}, {5683, "coap"}, {5684, "coaps"},
	{5900, "rfb"}, {5984, "couchdb"}, {5985, "wsman"}, {5986, "wsmans"}, {6000, "x11"},
	{6379, "redis"}, {6514, "syslog-tls"}, {6566, "sane-port"}, {8000, "irdmi"},
	{8008, "http-alt"}, {8080, "http-alt"}, {8443, "pcsync-https"}, {8883, "secure-mqtt"},
	{8888, "ddi-tcp-1"}, {9090, "websm"}, {9100, "pdl-datastream"}, {9418, "git"},
	{10000, "ndmp"}, {11211, "memcache"}, {11371, "hkp"}, {27017, "mongodb"}, {0, NULL}};

const struct value_name port_names_udp[] = {
	{7, "echo"}, {9, "discard"}, {13, "daytime"}, {17, "qotd"}, {19, "chargen"},
	{37, "time"}, {49, "tacacs"}, {53, "domain"}, {67, "bootps"}, {68, "bootpc"},
	{69, "tftp"}, {88, "kerberos"}, {111, "sunrpc"}, {123, "ntp"}, {135, "epmap"},
	{137, "netbios-ns"}, {138, "netbios-dgm"}, {139, "netbios-ssn"}, {161, "snmp"},
	{162, "snmptrap"}, {177, "xdmcp"}, {194, "irc"}, {389, "ldap"}, {427, "svrloc"},
	{443, "https"}, {445, "microsoft-ds"}, {464, "kpasswd"}, {500, "isakmp"},
	{514, "syslog"}, {520, "router"}, {521, "ripng"}, {546, "dhcpv6-client"},
	{547, "dhcpv6-server"}, {623, "asf-rmcp"}, {631, "ipp"}, {636, "ldaps"},
	{853, "domain-s"}, {1194, "openvpn"}, {1433, "ms-sql-s"}, {1434, "ms-sql-m"},
	{1646, "sa-msg-port"}, {1701, "l2f"}, {1812, "radius"}, {1813, "radius-acct"},
	{1883, "mqtt"}, {1900, "ssdp"}, {1985, "hsrp"}, {2049, "nfs"}, {2123, "gtp-control"},
	{2152, "gtp-user"}, {3222, "glbp"}, {3389, "ms-wbt-server"}, {3478, "stun"},
	{3544, "teredo"}, {3702, "ws-discovery"}, {4500, "ipsec-nat-t"}, {4789, "vxlan"},
	{5004, "avt-profile-1"}, {5005, "avt-profile-2"}, {5060, "sip"}, {5061, "sips"},
	{5222, "xmpp-client"}, {5349, "stuns"}, {5351, "nat-pmp"}, {5353, "mdns"},
	{5355, "llmnr"}, {5632, "pcanywherestat"}, {5683, "coap"}, {5684, "coaps"},
	{6081, "geneve"}, {6343, "sflow"}, {8080, "http-alt"}, {8883, "secure-mqtt"},
	{10000, "ndmp"}, {11211, "memcache"}, {0, NULL}};

/* clang-format on */

/* Binary search; `n` entries without the end mark. */
static const char *find(const struct value_name *list, size_t n, uint16_t port)
{
	while (n) {
		size_t half = n / 2;

		if (list[half].value == port)
			return list[half].text;
		if (list[half].value < port) {
			list += half + 1;
			n -= half + 1;
		} else {
			n = half;
		}
	}
	return NULL;
}

const char *port_name_tcp(uint16_t port)
{
	return find(port_names_tcp, G_N_ELEMENTS(port_names_tcp) - 1, port);
}

const char *port_name_udp(uint16_t port)
{
	return find(port_names_udp, G_N_ELEMENTS(port_names_udp) - 1, port);
}
