using System.Globalization;
using System.Text.Json;
using Jarvis.Simulator.Access;
using Jarvis.Simulator.Hosting;

namespace Jarvis.Simulator.Api;

/// <summary>/nodes and the live state of one node.</summary>
internal static class NodesApi
{
    private static readonly Privileges SysAudit = Privileges.Of("Sys.Audit");

    public static void List(Call call, Utf8JsonWriter json) => json.Objects(call.Cluster.View.Nodes, row =>
    {
        WriteRow(call, row, json, call.Rights.Has("/nodes/" + row.Node.Name, SysAudit));
        json.WriteString("ssl_fingerprint"u8,
            NodeCertificates.Fingerprint(call.Context.Certificates.Leaf(row.Node.Name)));
    });

    public static void WriteRow(Call call, NodeRow row, Utf8JsonWriter json, bool numbers)
    {
        var seen = call.Cluster.Sees(call.LocalNode, row.Node.Name);
        json.WriteString("id"u8, "node/" + row.Node.Name);
        json.WriteString("node"u8, row.Node.Name);
        json.WriteString("type"u8, "node");
        json.WriteString("status"u8, seen ? row.Status : "offline");
        if (!numbers || !seen || row.Sample is not { } sample)
        {
            return;
        }
        json.WriteString("level"u8, "");
        json.WriteNumber("maxcpu"u8, row.Node.Cpus);
        json.WriteNumber("maxmem"u8, sample.MemoryTotal);
        json.WriteNumber("maxdisk"u8, sample.RootTotal);
        json.Rounded("cpu"u8, sample.Cpu);
        json.WriteNumber("mem"u8, sample.MemoryUsed);
        json.WriteNumber("disk"u8, sample.RootUsed);
        json.WriteNumber("uptime"u8, sample.Uptime);
    }

    public static void Status(Call call, Utf8JsonWriter json)
    {
        var node = call.LiveNode;
        var sample = call.Cluster.Sample(node);
        json.WriteStartObject();
        json.Rounded("cpu"u8, sample.Cpu);
        json.Rounded("wait"u8, sample.Wait);
        json.WriteNumber("idle"u8, 0);
        json.WriteNumber("uptime"u8, sample.Uptime);
        json.WriteString("pveversion"u8, $"pve-manager/{node.PveVersion}/{node.RepoId}");
        json.WriteString("kversion"u8, $"Linux {node.Kernel} #1 SMP PREEMPT_DYNAMIC PMX");
        json.Texts("loadavg"u8, [Two(sample.Load1), Two(sample.Load5), Two(sample.Load15)]);
        WriteHardware(node, json);
        json.WriteStartObject("memory"u8);
        json.WriteNumber("total"u8, sample.MemoryTotal);
        json.WriteNumber("used"u8, sample.MemoryUsed);
        json.WriteNumber("free"u8, sample.MemoryTotal - sample.MemoryUsed);
        json.WriteNumber("available"u8,
            Math.Min(sample.MemoryTotal, sample.MemoryTotal - sample.MemoryUsed + sample.Arc));
        json.WriteEndObject();
        WriteUse(json, "swap"u8, sample.SwapTotal, sample.SwapUsed, false);
        WriteUse(json, "rootfs"u8, sample.RootTotal, sample.RootUsed, true);
        json.WriteStartObject("ksm"u8);
        json.WriteNumber("shared"u8, 0);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    public static void Power(Call call, Utf8JsonWriter json) =>
        call.Cluster.Command(call.Node, call.Text("command"), call.User);

    public static void Wake(Call call, Utf8JsonWriter json) =>
        json.WriteStringValue(call.Cluster.WakeOnLan(call.Node, call.LocalNode));

    public static void StartAll(Call call, Utf8JsonWriter json) =>
        json.WriteStringValue(call.Cluster.StartAll(call.Node, call.User, call.Flag("force"),
            Chosen(call, "VM.PowerMgmt")));

    public static void StopAll(Call call, Utf8JsonWriter json) => json.WriteStringValue(call.Cluster.StopAll(
        call.Node, call.User, Chosen(call, "VM.PowerMgmt"), call.Number("timeout") ?? 180,
            call.Flag("force-stop", true)));

    public static void MigrateAll(Call call, Utf8JsonWriter json) => json.WriteStringValue(call.Cluster.MigrateAll(
        call.Node, call.Text("target"), call.User, Chosen(call, "VM.Migrate"), call.Flag("with-local-disks")));

    private static int[]? Chosen(Call call, string privilege)
    {
        if (!call.Arguments.ContainsKey("vms"))
        {
            call.Rights.Require("/", privilege);
            return null;
        }
        var vmids = call.Items("vms").Select(v =>
            int.TryParse(v, NumberStyles.None, CultureInfo.InvariantCulture, out var n)
            ? n : throw PveException.Parameter("vms",
                "invalid format - value does not look like a valid VM ID")).ToArray();
        if (!call.Rights.HasAny("/", Privileges.Of(privilege)))
        {
            foreach (var vmid in vmids)
            {
                call.Rights.Require(string.Create(CultureInfo.InvariantCulture, $"/vms/{vmid}"), privilege);
            }
        }
        return vmids;
    }

    private static void WriteHardware(VirtualNode node, Utf8JsonWriter json)
    {
        json.WriteStartObject("cpuinfo"u8);
        json.WriteString("model"u8, node.CpuModel);
        json.WriteNumber("sockets"u8, node.Sockets);
        json.WriteNumber("cores"u8, node.Cores);
        json.WriteNumber("cpus"u8, node.Cpus);
        json.WriteString("mhz"u8, node.Mhz.ToString("F3", CultureInfo.InvariantCulture));
        json.WriteString("hvm"u8, "1");
        json.WriteNumber("user_hz"u8, 100);
        json.WriteString("flags"u8, "fpu vme de pse tsc msr pae mce cx8 apic sep mtrr vmx aes avx2");
        json.WriteEndObject();
        json.WriteStartObject("current-kernel"u8);
        json.WriteString("sysname"u8, "Linux");
        json.WriteString("release"u8, node.Kernel);
        json.WriteString("version"u8, "#1 SMP PREEMPT_DYNAMIC PMX");
        json.WriteString("machine"u8, "x86_64");
        json.WriteEndObject();
        json.WriteStartObject("boot-info"u8);
        json.WriteString("mode"u8, node.BootMode);
        if (node.BootMode == "efi")
        {
            json.WriteNumber("secureboot"u8, 0);
        }
        json.WriteEndObject();
    }

    private static void WriteUse(Utf8JsonWriter json, ReadOnlySpan<byte> name, long total, long used, bool available)
    {
        json.WriteStartObject(name);
        json.WriteNumber("total"u8, total);
        json.WriteNumber("used"u8, used);
        json.WriteNumber("free"u8, total - used);
        if (available)
        {
            json.WriteNumber("avail"u8, total - used);
        }
        json.WriteEndObject();
    }

    private static string Two(double value) => value.ToString("F2", CultureInfo.InvariantCulture);
}
