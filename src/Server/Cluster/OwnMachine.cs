using System.Net.NetworkInformation;

namespace Jarvis.Server.Cluster;

/// <summary>This machine, by what Proxmox knows machines by.</summary>
/// <param name="Addresses">Its own addresses, without loopback.</param>
/// <param name="Macs">Of its interfaces, as <c>BC:24:11:AA:BB:CC</c>.</param>
/// <param name="Uuid">Of a VM, as its firmware says it; null where that may not be read.</param>
/// <param name="Inside">What kind of guest it may be; null for a machine of its own.</param>
internal sealed record OwnMachine(IReadOnlyList<string> Addresses, IReadOnlyList<string> Macs, string? Uuid, GuestType? Inside)
{
    private const int Mac = 6;

    public static OwnMachine Read()
    {
        var interfaces = NetworkInterface.GetAllNetworkInterfaces().Where(i => i.NetworkInterfaceType is not NetworkInterfaceType.Loopback).ToList();
        return new(
            [.. interfaces.SelectMany(i => i.GetIPProperties().UnicastAddresses).Select(a => a.Address.ToString()).Distinct()],
            [.. interfaces.Select(i => i.GetPhysicalAddress().GetAddressBytes()).Where(m => m.Length == Mac && m.Any(b => b != 0)).Select(m => BitConverter.ToString(m).Replace('-', ':')).Distinct()],
            Line("/sys/class/dmi/id/product_uuid"),
            Line("/run/systemd/container") == "lxc" ? GuestType.Container
            : Line("/sys/class/dmi/id/sys_vendor") == "QEMU" ? GuestType.Vm : null);
    }

    private static string? Line(string file)
    {
        try
        {
            return File.ReadLines(file).FirstOrDefault()?.Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
