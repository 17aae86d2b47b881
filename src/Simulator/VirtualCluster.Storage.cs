using System.Globalization;

namespace Jarvis.Simulator;

internal sealed partial class VirtualCluster
{
    /// <summary>Deletes a volume that no guest uses.</summary>
    public string DeleteVolume(string nodeName, string storageId, string volid, string user)
    {
        var node = LiveNode(nodeName);
        RequireQuorum(nodeName);
        var storage = StorageOn(nodeName, storageId);
        var volume = storage.Find(volid, nodeName);
        if (volume is { Protected: true })
        {
            throw PveException.Failed($"cannot remove protected volume '{volid}' on '{storageId}'");
        }

        if (volume is { Content: "images" or "rootdir", VmId: { } owner } && guests.ContainsKey(owner))
        {
            throw PveException.Failed(
                string.Create(CultureInfo.InvariantCulture, $"Cannot remove image, a guest with VMID '{owner}' exists!"));
        }

        var id = volume?.VmId is { } vmid ? $"{vmid}@{storageId}" : volid.Split('/')[^1].Replace(':', '-') + "@" + storageId;
        return Launch(node, "imgdel", id, user, run => run.After(dice.Seconds(.2, 1.2), () =>
        {
            if (volume is null)
            {
                throw PveException.Failed($"volume '{volid}' does not exist");
            }

            RequireSpace(storage, nodeName, long.MinValue);
            storage.Remove(volume);
            run.Log($"Removed volume '{volid}'");
            run.Done();
        }));
    }

    /// <summary>Sets a backup's notes and protection.</summary>
    public void UpdateVolume(string nodeName, string storageId, string volid, string? notes, bool? isProtected)
    {
        RequireQuorum(nodeName);
        var volume = StorageOn(nodeName, storageId).Find(volid, nodeName)
            ?? throw PveException.Failed($"volume '{volid}' does not exist");
        volume.Notes = notes ?? volume.Notes;
        volume.Protected = isProtected ?? volume.Protected;
    }

    /// <summary>Fetches an ISO image or container template; nothing leaves the machine.</summary>
    public string Download(string nodeName, string storageId, string content, string fileName, Uri url, string user)
    {
        var node = LiveNode(nodeName);
        RequireQuorum(nodeName);
        var storage = StorageOn(nodeName, storageId);
        if (!storage.Holds(content))
        {
            throw PveException.Failed($"storage '{storageId}' is not configured for content-type '{content}'");
        }

        var volid = $"{storageId}:{content}/{fileName}";
        if (storage.Find(volid, nodeName) is not null)
        {
            throw PveException.Failed($"refusing to override existing file '{fileName}'");
        }

        return Launch(node, "download", fileName, user, run =>
        {
            run.Log($"downloading {url} to {storage.Settings.GetValueOrDefault("path", "/var/lib/vz")}/template/{content}/{fileName}");
            if (url.Host.EndsWith(".invalid", StringComparison.OrdinalIgnoreCase))
            {
                throw PveException.Failed($"download failed: wget: unable to resolve host address '{url.Host}'");
            }

            var size = (120 + (long)(Noise.Key(0, fileName) % 1400)) * Bytes.MiB;
            RequireSpace(storage, nodeName, size);
            Copy(run, size, dice.Between(28.0, 90.0), () =>
            {
                storage.Add(new StorageVolume
                {
                    VolId = volid, Content = content, Format = content == "iso" ? "iso" : "tzst", Size = size,
                    Used = size, Created = Now,
                    Node = storage.Shared ? null : nodeName,
                });
                run.Log($"download of '{url}' to '{fileName}' finished");
                run.Done();
            });
        });
    }

    /// <summary>Creates a guest's volume and puts it into its configuration.</summary>
    internal static StorageVolume Allocate(
        VirtualGuest guest, string slot, VirtualStorage storage, long size, int number, DateTimeOffset at, double fill,
            string extra = "", string? parent = null)
    {
        var name = VolumeName(guest, storage, number);
        while (storage.Volumes.Any(v => v.VolId == name && (storage.Shared || v.Node == guest.Node)))
        {
            name = VolumeName(guest, storage, ++number);
        }

        var volume = new StorageVolume
        {
            VolId = name, Content = guest.Kind == GuestKind.Lxc ? "rootdir" : "images", VmId = guest.VmId, Size = size,
            Used = (long)(size * fill),
            Format = storage.IsFile ? "qcow2" : storage.Type == "zfspool" && guest.Kind == GuestKind.Lxc ? "subvol" : "raw",
            Node = storage.Shared ? null : guest.Node, Created = at, Parent = parent,
        };
        storage.Add(volume);
        guest.Config[slot] = name + (extra.Length > 0 ? "," + extra : guest.Kind == GuestKind.Qemu
            && slot.StartsWith("scsi", StringComparison.Ordinal)
            ? ",discard=on,iothread=1" : "") + ",size=" + Bytes.Suffixed(size);
        return volume;
    }

    private static string VolumeName(VirtualGuest guest, VirtualStorage storage, int number)
    {
        var id = guest.VmId.ToString(CultureInfo.InvariantCulture);
        var n = number.ToString(CultureInfo.InvariantCulture);
        var prefix = guest.Template ? "base" : "vm";
        return storage.IsFile ? $"{storage.Id}:{id}/{prefix}-{id}-disk-{n}.{(guest.Kind == GuestKind.Lxc ? "raw" : "qcow2")}"
            : storage.Type == "zfspool"
                && guest.Kind == GuestKind.Lxc ? $"{storage.Id}:{(guest.Template ? "basevol" : "subvol")}-{id}-disk-{n}"
            : $"{storage.Id}:{prefix}-{id}-disk-{n}";
    }
}
