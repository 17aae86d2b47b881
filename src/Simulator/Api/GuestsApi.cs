using System.Text.Json;
using Jarvis.Simulator.Access;

namespace Jarvis.Simulator.Api;

/// <summary>Lists of guests on a node and the live state of one.</summary>
internal static class GuestsApi
{
    private static readonly Privileges VmAudit = Privileges.Of("VM.Audit");

    public static void List(Call call, Utf8JsonWriter json)
    {
        var kind = call.Endpoint.Path.EndsWith("lxc", StringComparison.Ordinal) ? GuestKind.Lxc : GuestKind.Qemu;
        var node = call.LiveNode.Name;
        json.Objects(call.Cluster.GuestsOn(node).Where(g => g.Kind == kind && call.Rights.OnGuest(g.VmId, VmAudit)),
            guest =>
        {
            WriteState(call, guest, json, call.Flag("full"));
            if (guest.Template)
            {
                json.WriteNumber("template"u8, 1);
            }
        });
    }

    public static void Current(Call call, Utf8JsonWriter json)
    {
        var guest = call.Guest;
        json.WriteStartObject();
        WriteState(call, guest, json, true);
        if (guest.Template)
        {
            json.WriteNumber("template"u8, 1);
        }
        json.WriteStartObject("ha"u8);
        var ha = call.Cluster.Managed(guest);
        json.Flag("managed"u8, ha is not null);
        if (ha is not null)
        {
            json.WriteString("state"u8, ha.Requested);
        }
        json.WriteEndObject();
        if (guest.Kind == GuestKind.Qemu)
        {
            WriteMachine(call, guest, json);
        }
        json.WriteEndObject();
    }

    private static void WriteState(Call call, VirtualGuest guest, Utf8JsonWriter json, bool full)
    {
        var sample = call.Cluster.Sample(guest);
        json.WriteNumber("vmid"u8, guest.VmId);
        json.WriteString("name"u8, guest.Name);
        json.WriteString("status"u8, guest.Status);
        json.WriteNumber("cpus"u8, guest.Cpus);
        json.Rounded("cpu"u8, sample.Cpu);
        json.WriteNumber("mem"u8, sample.Memory);
        json.WriteNumber("maxmem"u8, guest.MaxMemory);
        json.WriteNumber("disk"u8, sample.Disk);
        json.WriteNumber("maxdisk"u8, guest.MaxDisk);
        json.WriteNumber("netin"u8, sample.NetIn);
        json.WriteNumber("netout"u8, sample.NetOut);
        json.WriteNumber("uptime"u8, sample.Uptime);
        json.OptionalText("tags"u8, guest.Tags);
        json.OptionalText("lock"u8, guest.Lock);
        if (guest.Running)
        {
            json.WriteNumber("pid"u8, guest.Pid);
        }
        var lxc = guest.Kind == GuestKind.Lxc;
        if (lxc)
        {
            json.WriteString("type"u8, "lxc");
            json.WriteNumber("maxswap"u8, guest.MaxSwap);
            json.WriteNumber("swap"u8, guest.Running ? guest.MaxSwap / 50 : 0);
        }
        else
        {
            json.WriteNumber("memhost"u8, sample.MemoryHost);
        }
        json.WriteNumber("diskread"u8, lxc || full ? sample.DiskRead : 0);
        json.WriteNumber("diskwrite"u8, lxc || full ? sample.DiskWrite : 0);
        if (guest.Running)
        {
            WritePressure(guest, sample, json);
        }
    }

    private static void WritePressure(VirtualGuest guest, in GuestSample sample, Utf8JsonWriter json)
    {
        ReadOnlySpan<string> names =
            ["pressurecpusome", "pressurecpufull", "pressureiosome", "pressureiofull", "pressurememorysome",
                "pressurememoryfull"];
        foreach (var name in names)
        {
            var value = name.EndsWith("some", StringComparison.Ordinal)
                && name.Contains("cpu", StringComparison.Ordinal)
                ? Math.Round(Math.Max(0, sample.Cpu - .6) * 40, 2) : 0;
            if (guest.Kind == GuestKind.Lxc)
            {
                json.WriteString(name, value.ToString("F2", System.Globalization.CultureInfo.InvariantCulture));
            }
            else
            {
                json.WriteNumber(name, value);
            }
        }
    }

    private static void WriteMachine(Call call, VirtualGuest guest, Utf8JsonWriter json)
    {
        json.WriteString("qmpstatus"u8, guest.QmpStatus);
        if (guest.AgentConfigured)
        {
            json.WriteNumber("agent"u8, 1);
        }
        if (!guest.Running)
        {
            return;
        }
        var sample = call.Cluster.Sample(guest);
        json.WriteString("running-machine"u8, "pc-i440fx-10.1+pve0");
        json.WriteString("running-qemu"u8, "10.1.2");
        json.WriteNumber("balloon"u8, guest.MaxMemory);
        json.WriteNumber("freemem"u8, Math.Max(0, guest.MaxMemory - sample.Memory));
        json.WriteStartObject("ballooninfo"u8);
        json.WriteNumber("actual"u8, guest.MaxMemory);
        json.WriteNumber("max_mem"u8, guest.MaxMemory);
        json.WriteNumber("total_mem"u8, guest.MaxMemory);
        json.WriteNumber("free_mem"u8, Math.Max(0, guest.MaxMemory - sample.Memory));
        json.WriteEndObject();
        json.WriteStartObject("proxmox-support"u8);
        json.WriteBoolean("backup-max-workers"u8, true);
        json.WriteBoolean("pbs-dirty-bitmap"u8, true);
        json.WriteBoolean("query-bitmap-info"u8, true);
        json.WriteEndObject();
        json.WriteStartObject("nics"u8);
        json.WriteStartObject(string.Create(null, $"tap{guest.VmId}i0"));
        json.WriteNumber("netin"u8, sample.NetIn);
        json.WriteNumber("netout"u8, sample.NetOut);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteStartObject("blockstat"u8);
        foreach (var disk in guest.Config.Disks().Where(d => !d.IsCdrom).Take(1))
        {
            json.WriteStartObject(disk.Slot);
            json.WriteNumber("rd_bytes"u8, sample.DiskRead);
            json.WriteNumber("wr_bytes"u8, sample.DiskWrite);
            json.WriteEndObject();
        }
        json.WriteEndObject();
    }
}
