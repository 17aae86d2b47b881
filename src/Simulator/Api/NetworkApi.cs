using System.Globalization;
using System.Text.Json;

namespace Jarvis.Simulator.Api;

/// <summary>A node's interfaces; changes are staged until they are applied.</summary>
internal static class NetworkApi
{
    public static void List(Call call, Utf8JsonWriter json)
    {
        var node = call.LiveNode;
        var type = call.Optional("type");
        var staged = call.Context.StagedInterfaces(node.Name);
        json.Objects(node.Interfaces.Concat(staged).Where(i => type is null || i.Type == type
            || (type is "any_bridge" or "any_local_bridge" && i.Type == "bridge")), item =>
        {
            json.WriteString("iface"u8, item.Name);
            Write(item, json, !staged.Contains(item));
        });
        if (staged.Count > 0)
        {
            call.Changes = "--- /etc/network/interfaces\n+++ /etc/network/interfaces.new\n"
                + string.Concat(staged.Select(i => $"+iface {i.Name} inet {i.Method}\n"));
        }
    }

    public static void Read(Call call, Utf8JsonWriter json)
    {
        var name = call.Path["iface"];
        var item = call.LiveNode.Interfaces.Find(i => i.Name == name) ?? throw PveException.Parameter("iface",
            "interface does not exist");
        json.WriteStartObject();
        Write(item, json, true);
        json.WriteEndObject();
    }

    public static void Add(Call call, Utf8JsonWriter json)
    {
        var node = call.LiveNode;
        var name = call.Text("iface");
        var staged = call.Context.StagedInterfaces(node.Name);
        if (name.Length is 0 or > 15 || node.Interfaces.Concat(staged).Any(i => i.Name == name))
        {
            throw PveException.Parameter("iface", "interface already exists");
        }
        staged.Add(new VirtualInterface(name, call.Text("type"))
        {
            Active = false,
            Autostart = call.Flag("autostart"),
            Method = call.Arguments.ContainsKey("cidr") || call.Arguments.ContainsKey("address") ? "static" : "manual",
            Cidr = call.Optional("cidr"),
            Gateway = call.Optional("gateway"),
            BridgePorts = call.Optional("bridge_ports"),
            Comments = call.Optional("comments"),
            Priority = node.Interfaces.Count + 3,
        });
    }

    public static void Apply(Call call, Utf8JsonWriter json)
    {
        var node = call.LiveNode;
        var staged = call.Context.StagedInterfaces(node.Name);
        var ready = staged.ToArray();
        staged.Clear();
        json.WriteStringValue(call.Cluster.Launch(node, "srvreload", "networking", call.User, run =>
            run.After(TimeSpan.FromSeconds(1), () =>
        {
            node.Interfaces.AddRange(ready.Select(i => i with { Active = true }));
            run.Done();
        })));
    }

    public static void Revert(Call call, Utf8JsonWriter json) =>
        call.Context.StagedInterfaces(call.LiveNode.Name).Clear();

    private static void Write(VirtualInterface item, Utf8JsonWriter json, bool exists)
    {
        json.WriteString("type"u8, item.Type == "loopback" ? "unknown" : item.Type);
        json.WriteString("method"u8, item.Method);
        json.WriteString("method6"u8, item.Method == "loopback" ? "loopback" : "manual");
        json.Flag("autostart"u8, item.Autostart);
        json.WriteNumber("priority"u8, item.Priority);
        json.Texts("families"u8, ["inet"]);
        if (exists)
        {
            json.WriteNumber("exists"u8, 1);
        }
        if (item.Active)
        {
            json.WriteNumber("active"u8, 1);
        }
        if (item.Cidr is { } cidr)
        {
            var parts = cidr.Split('/');
            json.WriteString("cidr"u8, cidr);
            json.WriteString("address"u8, parts[0]);
            json.WriteString("netmask"u8, parts.Length > 1 ? parts[1] : "32");
        }
        json.OptionalText("gateway"u8, item.Gateway);
        json.OptionalText("comments"u8, item.Comments);
        if (item.Type == "bridge")
        {
            json.WriteString("bridge_ports"u8, item.BridgePorts ?? "");
            json.WriteString("bridge_stp"u8, "off");
            json.WriteString("bridge_fd"u8, 0.ToString(CultureInfo.InvariantCulture));
        }
    }
}
