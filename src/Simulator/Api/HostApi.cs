using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Jarvis.Simulator.Api;

/// <summary>A node's packages, journal, clock, certificates and settings.</summary>
internal static class HostApi
{
    public static void Updates(Call call, Utf8JsonWriter json) =>
        json.Objects(call.LiveNode.Updates, update => WritePackage(json, update, update.Version, update.OldVersion));

    public static void RefreshUpdates(Call call, Utf8JsonWriter json) =>
        json.WriteStringValue(call.Cluster.RefreshUpdates(call.Node, call.User));

    public static void Packages(Call call, Utf8JsonWriter json)
    {
        var node = call.LiveNode;
        json.WriteStartArray();
        WriteInstalled(json, "proxmox-ve", "9.1.0", "The Proxmox Virtual Environment", ("RunningKernel", node.Kernel));
        WriteInstalled(json, "pve-manager", node.PveVersion, "Proxmox Virtual Environment Management Tools",
            ("ManagerVersion", $"{node.PveVersion}/{node.RepoId}"));
        foreach (var update in node.Updates)
        {
            if (update.Package != "pve-manager")
            {
                WriteInstalled(json, update.Package, update.OldVersion, update.Description, null);
            }
        }
        json.WriteEndArray();
    }

    public static void Time(Call call, Utf8JsonWriter json)
    {
        var node = call.LiveNode;
        var now = call.Cluster.TimeOf(node);
        var zone = TimeZoneInfo.TryFindSystemTimeZoneById(node.TimeZone, out var known) ? known : TimeZoneInfo.Utc;
        json.WriteStartObject();
        json.WriteNumber("time"u8, now.ToUnixTimeSeconds());
        json.WriteNumber("localtime"u8, now.ToUnixTimeSeconds() + (long)zone.GetUtcOffset(now).TotalSeconds);
        json.WriteString("timezone"u8, node.TimeZone);
        json.WriteEndObject();
    }

    public static void Dns(Call call, Utf8JsonWriter json)
    {
        var node = call.LiveNode;
        json.WriteStartObject();
        json.WriteString("search"u8, node.DnsSearch);
        for (var i = 0; i < Math.Min(3, node.Dns.Count); i++)
        {
            json.WriteString(string.Create(CultureInfo.InvariantCulture, $"dns{i + 1}"), node.Dns[i]);
        }
        json.WriteEndObject();
    }

    public static void Subscription(Call call, Utf8JsonWriter json)
    {
        var node = call.LiveNode;
        json.WriteStartObject();
        json.WriteString("status"u8, node.SubscriptionStatus);
        if (node.SubscriptionStatus == "notfound")
        {
            json.WriteString("message"u8, "There is no subscription key");
        }
        json.WriteString("serverid"u8,
            Noise.Key(call.Cluster.Seed, node.Name).ToString("X16", CultureInfo.InvariantCulture));
        json.WriteString("url"u8, "https://www.proxmox.com/en/proxmox-virtual-environment/pricing");
        json.WriteEndObject();
    }

    public static void Certificates(Call call, Utf8JsonWriter json) =>
        json.Objects(call.LiveNode.Certificates, certificate =>
    {
        json.WriteString("filename"u8, certificate.FileName);
        json.WriteString("subject"u8, certificate.Subject);
        json.WriteString("issuer"u8, certificate.Issuer);
        json.WriteNumber("notbefore"u8, certificate.NotBefore.ToUnixTimeSeconds());
        json.WriteNumber("notafter"u8, certificate.NotAfter.ToUnixTimeSeconds());
        json.WriteString("fingerprint"u8, certificate.Fingerprint);
        json.Texts("san"u8, certificate.San);
        json.WriteString("public-key-type"u8, "id-ecPublicKey");
        json.WriteNumber("public-key-bits"u8, 256);
    });

    public static void Config(Call call, Utf8JsonWriter json)
    {
        var node = call.LiveNode;
        json.WriteStartObject();
        json.OptionalText("description"u8, node.Description);
        json.OptionalText("wakeonlan"u8, node.WakeOnLan ? node.Mac : null);
        json.WriteString("digest"u8,
            Noise.Key(node.NodeId, node.Description ?? "").ToString("x16", CultureInfo.InvariantCulture));
        json.WriteEndObject();
    }

    public static void UpdateConfig(Call call, Utf8JsonWriter json) => call.Cluster.UpdateNode(
        call.Node, call.Items("delete").Contains("description") ? null
            : call.Optional("description") ?? call.LiveNode.Description);

    public static void Report(Call call, Utf8JsonWriter json)
    {
        var node = call.LiveNode;
        call.Pause = TimeSpan.FromSeconds(1);
        var text = new StringBuilder("==== general system info ====\n\n# hostname\n").Append(node.Name)
            .Append("\n\n# pveversion --verbose\nproxmox-ve: 9.1.0 (running kernel: ").Append(node.Kernel).Append(")\npve-manager: ")
            .Append(node.PveVersion).Append("\n\n==== info about guests ====\n\n# qm list\n");
        foreach (var guest in call.Cluster.GuestsOn(node.Name))
        {
            text.Append(guest.VmId).Append(' ').Append(guest.Name).Append(' ').Append(guest.Status).Append('\n');
        }
        json.WriteStringValue(text.ToString());
    }

    public static void Journal(Call call, Utf8JsonWriter json)
    {
        var node = call.LiveNode;
        var lines = call.Cluster.Journal(node, call.Number("lastentries") ?? 500, null, Moment(call, "since"),
            Moment(call, "until"));
        json.WriteStartArray();
        json.WriteStringValue(Cursor(lines.Count > 0 ? lines[0].At : call.Cluster.Now));
        foreach (var line in lines)
        {
            json.WriteStringValue(NodeJournal.Text(line, node.Name));
        }
        json.WriteStringValue(Cursor(lines.Count > 0 ? lines[^1].At : call.Cluster.Now));
        json.WriteEndArray();
    }

    public static void Syslog(Call call, Utf8JsonWriter json)
    {
        var node = call.LiveNode;
        var lines = call.Cluster.Journal(node, 5000, Unit(call.Optional("service")), Text(call, "since"),
            Text(call, "until"));
        call.Total = lines.Count;
        var start = call.Number("start") ?? 0;
        json.Objects(lines.Select((line, i) =>
            (Line: line, Number: i + 1)).Skip(start).Take(call.Number("limit") ?? 50), row =>
        {
            json.WriteNumber("n"u8, row.Number);
            json.WriteString("t"u8, NodeJournal.Text(row.Line, node.Name));
        });
    }

    /// <summary>systemd takes a service by its short name too.</summary>
    private static string? Unit(string? name) => name?.EndsWith(".service", StringComparison.Ordinal) is true ? name[..^".service".Length] : name;

    private static string Cursor(DateTimeOffset at) =>
        string.Create(CultureInfo.InvariantCulture,
            $"s=5f2c9d;i={at.ToUnixTimeSeconds():x};t={at.ToUnixTimeMilliseconds():x}");

    private static DateTimeOffset? Moment(Call call, string name) =>
        call.Number(name) is { } seconds ? DateTimeOffset.FromUnixTimeSeconds(seconds) : null;

    private static DateTimeOffset? Text(Call call, string name) => call.Optional(name) is not { } text ? null
        : DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at)
            ? at : throw PveException.Parameter(name, "value does not match the regex pattern");

    private static void WriteInstalled(
        Utf8JsonWriter json, string package, string version, string description, (string Key, string Value)? extra)
    {
        json.WriteStartObject();
        WritePackage(json, new PackageUpdate(package, description, version, version, "Proxmox", "admin", "optional",
            description),
            version, version);
        json.WriteString("CurrentState"u8, "Installed");
        if (extra is { } more)
        {
            json.WriteString(more.Key, more.Value);
        }
        json.WriteEndObject();
    }

    private static void WritePackage(Utf8JsonWriter json, PackageUpdate package, string version, string old)
    {
        json.WriteString("Package"u8, package.Package);
        json.WriteString("Title"u8, package.Title);
        json.WriteString("Description"u8, package.Description);
        json.WriteString("Version"u8, version);
        json.WriteString("OldVersion"u8, old);
        json.WriteString("Origin"u8, package.Origin);
        json.WriteString("Section"u8, package.Section);
        json.WriteString("Priority"u8, package.Priority);
        json.WriteString("Arch"u8, "amd64");
    }
}
