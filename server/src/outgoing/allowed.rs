//! Which addresses the server may call. The public network is open; whatever is not public is closed
//! unless the operator named it.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::IpNet;

/// What the operator allows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rules {
    /// Networks that are not public and may be called all the same.
    pub networks: Vec<IpNet>,
    pub ports: Vec<u16>,
}

/// Addresses at which clouds hand out credentials to whoever asks from inside. A network around one
/// does not open it.
const METADATA: [IpAddr; 4] = [
    IpAddr::V4(Ipv4Addr::new(169, 254, 169, 254)),
    IpAddr::V4(Ipv4Addr::new(169, 254, 170, 2)),
    IpAddr::V4(Ipv4Addr::new(100, 100, 100, 200)),
    IpAddr::V6(Ipv6Addr::new(0xfd00, 0x0ec2, 0, 0, 0, 0, 0, 0x0254)),
];

/// Whether this address may be called, or a clause that says why not. An IPv4 address inside of an
/// IPv6 one is judged as itself.
pub fn allowed(address: IpAddr, rules: &Rules) -> Result<(), String> {
    let address = address.to_canonical();
    if METADATA.contains(&address) {
        let alone = rules.networks.contains(&IpNet::from(address));
        return if alone { Ok(()) } else { Err(format!("{address} is where a cloud hands out credentials")) };
    }
    let Some(kind) = closed(address) else { return Ok(()) };
    if rules.networks.iter().any(|network| network.contains(&address)) {
        return Ok(());
    }
    Err(format!("{address} is {kind}, and outgoing_networks does not name it"))
}

/// Whether this port may be called.
pub fn port_allowed(port: u16, rules: &Rules) -> Result<(), String> {
    if rules.ports.contains(&port) { Ok(()) } else { Err(format!("outgoing_ports does not name port {port}")) }
}

/// What an address is that is not public.
fn closed(address: IpAddr) -> Option<&'static str> {
    match address {
        IpAddr::V4(address) => closed_v4(address),
        IpAddr::V6(address) => closed_v6(address),
    }
}

fn closed_v4(address: Ipv4Addr) -> Option<&'static str> {
    match address.octets() {
        [127, ..] => Some("this machine"),
        [0, ..] => Some("no address of a machine"),
        [10, ..] | [172, 16..=31, ..] | [192, 168, ..] => Some("private"),
        [169, 254, ..] => Some("link-local"),
        [100, 64..=127, ..] => Some("shared by a provider's customers"),
        [192, 0, 0 | 2, _] | [192, 88, 99, _] | [198, 18 | 19, ..] | [198, 51, 100, _] | [203, 0, 113, _] => {
            Some("reserved")
        }
        [224..=239, ..] => Some("a group of machines"),
        [240..=255, ..] => Some("reserved"),
        _ => None,
    }
}

fn closed_v6(address: Ipv6Addr) -> Option<&'static str> {
    match address.segments() {
        [0, 0, 0, 0, 0, 0, 0, 1] => Some("this machine"),
        [0xfc00..=0xfdff, ..] => Some("private"),
        [0xfe80..=0xfebf, ..] => Some("link-local"),
        [0xff00..=0xffff, ..] => Some("a group of machines"),
        // Ways to an IPv4 address, which then nobody would have looked at.
        [0x2002, ..] | [0x2001, 0, ..] | [0x0064, 0xff9b, ..] => Some("a way to another address"),
        [0x2001, 0x0001..=0x01ff | 0x0db8, ..] | [0x3fff, ..] => Some("reserved"),
        [0x2000..=0x3ffe, ..] => None,
        _ => Some("reserved"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules(networks: &[&str]) -> Rules {
        Rules { networks: networks.iter().map(|network| network.parse().unwrap()).collect(), ports: vec![443] }
    }

    fn open(address: &str, networks: &[&str]) -> bool {
        allowed(address.parse().unwrap(), &rules(networks)).is_ok()
    }

    #[test]
    fn only_public_addresses_are_open() {
        for public in [
            "1.1.1.1",
            "8.8.8.8",
            "172.15.0.1",
            "172.32.0.1",
            "100.63.0.1",
            "100.128.0.1",
            "192.0.1.1",
            "2606:4700::1111",
            "2a00::1",
            "::ffff:1.1.1.1",
        ] {
            assert!(open(public, &[]), "{public}");
        }
        for closed in [
            "127.0.0.1",
            "127.255.255.255",
            "0.0.0.0",
            "0.1.2.3",
            "10.0.0.1",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.1.1",
            "169.254.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "100.127.255.255",
            "100.100.100.200",
            "192.0.0.1",
            "192.0.2.1",
            "192.88.99.1",
            "198.18.0.1",
            "198.19.255.255",
            "198.51.100.1",
            "203.0.113.1",
            "224.0.0.1",
            "239.1.1.1",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::ffff:127.0.0.1",
            "::ffff:169.254.169.254",
            "::ffff:10.0.0.1",
            "::127.0.0.1",
            "fc00::1",
            "fd00::1",
            "fd00:ec2::254",
            "fe80::1",
            "fec0::1",
            "ff02::1",
            "64:ff9b::7f00:1",
            "64:ff9b:1::1",
            "100::1",
            "2001::1",
            "2001:10::1",
            "2001:20::1",
            "2001:db8::1",
            "2002:7f00:1::",
            "3fff::1",
            "4000::1",
            "5f00::1",
        ] {
            let says = allowed(closed.parse().unwrap(), &rules(&[])).unwrap_err();
            assert!(says.contains(" is "), "{closed}: {says}");
        }
    }

    #[test]
    fn a_network_opens_what_it_holds_and_nothing_else() {
        assert!(open("10.1.2.3", &["10.1.0.0/16"]) && open("::ffff:10.1.2.3", &["10.1.0.0/16"]));
        assert!(!open("10.2.0.1", &["10.1.0.0/16"]) && !open("127.0.0.1", &["10.1.0.0/16"]));
        assert!(open("127.0.0.1", &["127.0.0.1/32"]) && !open("127.0.0.2", &["127.0.0.1/32"]));
        assert!(open("fd12::1", &["fd00::/8"]) && !open("::1", &["fd00::/8"]));
    }

    #[test]
    fn only_its_own_name_opens_where_credentials_are_handed_out() {
        for everything in ["0.0.0.0/0", "169.254.0.0/16"] {
            assert!(!open("169.254.169.254", &[everything]) && !open("::ffff:169.254.169.254", &[everything]));
        }
        assert!(!open("fd00:ec2::254", &["fd00::/8"]));
        assert!(open("169.254.169.254", &["169.254.169.254/32"]));
    }

    #[test]
    fn ports_are_named_one_by_one() {
        assert!(port_allowed(443, &rules(&[])).is_ok());
        assert_eq!(port_allowed(22, &rules(&[])), Err("outgoing_ports does not name port 22".into()));
    }
}
