using System.Text.Json;

namespace Jarvis.Simulator.Api;

/// <summary>What the agent inside a VM tells, and the addresses of containers.</summary>
internal static class AgentApi
{
    private static readonly TimeSpan DeadAgent = TimeSpan.FromSeconds(3);

    public static void Interfaces(Call call, Utf8JsonWriter json) => Result(json, () =>
        json.Objects(call.Cluster.AgentInterfaces(call.Guest), nic =>
        {
            json.WriteString("name"u8, nic.Name);
            json.WriteString("hardware-address"u8, nic.Mac);
            json.WritePropertyName("ip-addresses"u8);
            WriteAddresses(json, nic);
            json.WriteStartObject("statistics"u8);
            json.WriteNumber("rx-bytes"u8, nic.RxBytes);
            json.WriteNumber("tx-bytes"u8, nic.TxBytes);
            json.WriteEndObject();
        }));

    public static void ContainerInterfaces(Call call, Utf8JsonWriter json) =>
        json.Objects(call.Cluster.ContainerInterfaces(call.Guest), nic =>
        {
            json.WriteString("name"u8, nic.Name);
            json.WriteString("hwaddr"u8, nic.Mac);
            json.WriteString("hardware-address"u8, nic.Mac);
            json.OptionalText("inet"u8, Address(nic, false));
            json.OptionalText("inet6"u8, Address(nic, true));
            json.WritePropertyName("ip-addresses"u8);
            WriteAddresses(json, nic);
        });

    public static void OsInfo(Call call, Utf8JsonWriter json)
    {
        var os = call.Cluster.AgentOs(call.Guest);
        Result(json, () =>
        {
            json.WriteStartObject();
            json.WriteString("id"u8, os.Id);
            json.WriteString("name"u8, os.Name);
            json.WriteString("pretty-name"u8, os.PrettyName);
            json.WriteString("version"u8, os.Version);
            json.WriteString("version-id"u8, os.VersionId);
            json.WriteString("kernel-release"u8, os.Kernel);
            json.WriteString("kernel-version"u8, os.KernelVersion);
            json.WriteString("machine"u8, "x86_64");
            json.WriteEndObject();
        });
    }

    public static void FileSystems(Call call, Utf8JsonWriter json)
    {
        var systems = call.Cluster.AgentFileSystems(call.Guest);
        Result(json, () => json.Objects(systems, fs =>
        {
            json.WriteString("name"u8, fs.Name);
            json.WriteString("mountpoint"u8, fs.MountPoint);
            json.WriteString("type"u8, fs.Type);
            json.WriteNumber("total-bytes"u8, fs.Total);
            json.WriteNumber("used-bytes"u8, fs.Used);
            json.WriteStartArray("disk"u8);
            json.WriteStartObject();
            json.WriteString("dev"u8, fs.Device);
            json.WriteString("bus-type"u8, "scsi");
            json.WriteEndObject();
            json.WriteEndArray();
        }));
    }

    public static void HostName(Call call, Utf8JsonWriter json)
    {
        var guest = call.Guest;
        call.Cluster.PingAgent(guest);
        Result(json, () =>
        {
            json.WriteStartObject();
            json.WriteString("host-name"u8, guest.Name);
            json.WriteEndObject();
        });
    }

    public static void Ping(Call call, Utf8JsonWriter json)
    {
        var guest = call.Guest;
        call.Pause = guest.Running && guest.AgentConfigured && !call.Cluster.AgentAnswers(guest) ? DeadAgent
            : TimeSpan.Zero;
        call.Cluster.PingAgent(guest);
        Result(json, () =>
        {
            json.WriteStartObject();
            json.WriteEndObject();
        });
    }

    public static void Exec(Call call, Utf8JsonWriter json)
    {
        var pid = call.Cluster.AgentExec(call.Guest, call.List("command"), call.Optional("input-data") ?? "");
        json.WriteStartObject();
        json.WriteNumber("pid"u8, pid);
        json.WriteEndObject();
    }

    public static void ExecStatus(Call call, Utf8JsonWriter json)
    {
        var command = call.Cluster.AgentStatus(call.Guest, call.Number("pid") ?? 0);
        var exited = command.Done <= call.Cluster.Now;
        json.WriteStartObject();
        json.Flag("exited"u8, exited);
        if (exited)
        {
            json.WriteNumber("exitcode"u8, command.ExitCode);
            json.OptionalText("out-data"u8, command.Out);
            json.OptionalText("err-data"u8, command.Err);
        }
        json.WriteEndObject();
    }

    private static void Result(Utf8JsonWriter json, Action write)
    {
        json.WriteStartObject();
        json.WritePropertyName("result"u8);
        write();
        json.WriteEndObject();
    }

    private static void WriteAddresses(Utf8JsonWriter json, GuestInterface nic) =>
        json.Objects(nic.Addresses, address =>
    {
        json.WriteString("ip-address"u8, address.Address);
        json.WriteString("ip-address-type"u8, address.V6 ? "ipv6" : "ipv4");
        json.WriteNumber("prefix"u8, address.Prefix);
    });

    private static string? Address(GuestInterface nic, bool v6) =>
        nic.Addresses.FirstOrDefault(a => a.V6 == v6) is { } found
            ? string.Create(null, $"{found.Address}/{found.Prefix}") : null;
}
