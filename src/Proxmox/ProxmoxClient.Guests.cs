using System.Globalization;
using Jarvis.Proxmox.Wire;

namespace Jarvis.Proxmox;

public sealed partial class ProxmoxClient
{
    public Task<IReadOnlyList<RrdPoint>> GetGuestRrdAsync(
        string node, GuestType type, int vmid, RrdSpan span, RrdFold fold, CancellationToken cancellationToken) =>
        RrdAsync(GuestPath("/rrddata", node, type, vmid), span, fold, cancellationToken);

    private static ApiPath GuestPath(string rest, string node, GuestType type, int vmid, params ReadOnlySpan<string> more) =>
        ApiPath.Of(
            (type == GuestType.Qemu ? "/nodes/{node}/qemu/{vmid}" : "/nodes/{node}/lxc/{vmid}") + rest,
            [node, vmid.ToString(CultureInfo.InvariantCulture), .. more]);
}
