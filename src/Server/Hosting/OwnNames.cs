using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace Jarvis.Server.Hosting;

/// <summary>What this machine is called, by itself and by others.</summary>
internal static class OwnNames
{
    /// <summary>Its host name, bare, with its domain and as <c>.local</c>.</summary>
    public static IReadOnlyList<string> Hosts()
    {
        var properties = IPGlobalProperties.GetIPGlobalProperties();
        var name = (properties.HostName.Length > 0 ? properties.HostName : Environment.MachineName).ToLowerInvariant();
        var bare = name.Split('.')[0];
        string[] names = [name, bare, $"{bare}.local", properties.DomainName is { Length: > 0 } and not "(none)" ? $"{bare}.{properties.DomainName.ToLowerInvariant()}" : name];
        return [.. names.Where(n => Uri.CheckHostName(n) == UriHostNameType.Dns).Distinct()];
    }

    /// <summary>The addresses that others can reach it at.</summary>
    public static IReadOnlyList<string> Addresses() =>
    [
        .. from network in NetworkInterface.GetAllNetworkInterfaces()
           where network.OperationalStatus is OperationalStatus.Up or OperationalStatus.Unknown
           from unicast in network.GetIPProperties().UnicastAddresses
           let address = unicast.Address
           where address.AddressFamily is AddressFamily.InterNetwork or AddressFamily.InterNetworkV6
           where !address.IsIPv6LinkLocal && !IPAddress.IsLoopback(address)
           orderby address.ToString()
           select address.ToString(),
    ];
}
