using System.Globalization;

namespace Jarvis.Simulator;

internal sealed partial class VirtualCluster
{
    /// <summary>Creates a guest's volume and puts it into its configuration.</summary>
    internal static StorageVolume Allocate(
        VirtualGuest guest, string slot, VirtualStorage storage, long size, int number, DateTimeOffset at, double fill, string extra = "", string? parent = null)
    {
        var name = VolumeName(guest, storage, number);
        while (storage.Volumes.Any(v => v.VolId == name && (storage.Shared || v.Node == guest.Node)))
        {
            name = VolumeName(guest, storage, ++number);
        }

        var volume = new StorageVolume
        {
            VolId = name, Content = guest.Kind == GuestKind.Lxc ? "rootdir" : "images", VmId = guest.VmId, Size = size, Used = (long)(size * fill),
            Format = storage.IsFile ? "qcow2" : storage.Type == "zfspool" && guest.Kind == GuestKind.Lxc ? "subvol" : "raw",
            Node = storage.Shared ? null : guest.Node, Created = at, Parent = parent,
        };
        storage.Add(volume);
        guest.Config[slot] = name + (extra.Length > 0 ? "," + extra : guest.Kind == GuestKind.Qemu && slot.StartsWith("scsi", StringComparison.Ordinal)
            ? ",discard=on,iothread=1" : "") + ",size=" + Bytes.Suffixed(size);
        return volume;
    }

    private static string VolumeName(VirtualGuest guest, VirtualStorage storage, int number)
    {
        var id = guest.VmId.ToString(CultureInfo.InvariantCulture);
        var n = number.ToString(CultureInfo.InvariantCulture);
        return storage.IsFile ? $"{storage.Id}:{id}/vm-{id}-disk-{n}.{(guest.Kind == GuestKind.Lxc ? "raw" : "qcow2")}"
            : storage.Type == "zfspool" && guest.Kind == GuestKind.Lxc ? $"{storage.Id}:subvol-{id}-disk-{n}"
            : guest.Template ? $"{storage.Id}:base-{id}-disk-{n}"
            : $"{storage.Id}:vm-{id}-disk-{n}";
    }
}
