using System.Globalization;
using System.Text.Json;
using Jarvis.Safety;

namespace Jarvis.Server.Agent.Understanding;

internal sealed partial class Telling
{
    private const int Shown = 12;

    private string Resources(JsonElement of)
    {
        var rows = of.Rows();
        var kind = rows.Count > 0 ? rows[0].Text("type") ?? "vm" : "vm";
        var word = kind switch { "node" => "node", "storage" => "storage", "pool" => "pool", _ => "guest" };
        if (asked.Topic is Topic.Most or Topic.Slow) return Top(of) + Unread(of);
        if (rows.Count == 0) return $"There are no {word}s.{Unread(of)}";
        var total = rows.Count + (int)(of.Number("notShown") ?? 0);
        if (asked.Topic is Topic.Count) return $"There {(total == 1 ? "is" : "are")} {Told.Many(total, word)}{(kind is "vm" ? $", {rows.Count(r => r.Text("status") is "running")} of them running" : "")}.{Unread(of)}";
        return kind is "vm"
            ? $"{Told.Capital(Told.Many(total, "guest"))}: {Told.List(rows.GroupBy(r => r.Text("status") ?? "unknown").OrderByDescending(g => g.Count()).Select(g => $"{g.Count()} {g.Key} ({Told.List(g.Select(r => r.Text("name") ?? ""), 8)})"))}.{Unread(of)}"
            : $"{Told.Capital(Told.Many(total, word))}: {Told.List(rows.Select(r => $"{r.Text("name")}{(r.Text("status") is { } status and not ("available" or "online") ? $" ({status})" : "")}"))}.{Unread(of)}";
    }

    /// <summary>What uses most of something, or least.</summary>
    private string Top(JsonElement of)
    {
        var field = asked.Focus.Measure switch { Topic.Cpu => "cpuFraction", Topic.Disk => "diskFraction", _ => "memoryFraction" };
        var rows = of.Rows().Where(r => r.Number(field) is not null && (asked.Focus.Node is null || r.Text("node") == asked.Focus.Node) && r.Text("status") is "running" or "online" or "available").ToList();
        if (rows.Count == 0) return asked.Focus.Measure is Topic.Disk ? "How full the disks of guests are is known of running containers alone, and of none here." : "Nothing runs there.";
        // Of memory the bytes count, where they are told: half of a large guest is more than all of a small one.
        double Weight(JsonElement r) => (asked.Focus.Measure is Topic.Memory ? r.Number("memoryBytes") : null) ?? r.Number(field) ?? 0;
        var sorted = (asked.Focus.Least ? rows.OrderBy(Weight) : rows.OrderByDescending(Weight)).Take(4).ToList();
        var what = asked.Focus.Measure switch { Topic.Cpu => "of its processors", Topic.Disk => "of its disk", _ => "of memory" };
        var first = sorted[0];
        var much = asked.Focus.Measure is Topic.Memory && first.Number("memoryBytes") is { } bytes ? $"{Told.Size(bytes)} ({Told.Percent(first.Number(field))} of what it has)" : $"{Told.Percent(first.Number(field))} {what}";
        var rest = sorted.Skip(1).Select(r => $"{r.Text("name")} with {(asked.Focus.Measure is Topic.Memory && r.Number("memoryBytes") is { } b ? Told.Size(b) : Told.Percent(r.Number(field)))}").ToList();
        return $"{first.Text("name")} uses {(asked.Focus.Least ? "least" : "most")}{(asked.Focus.Node is { } node ? $" on {node}" : "")}: {much}.{(rest.Count > 0 ? $" Then {Told.List(rest)}." : "")}";
    }

    private string Guests(IReadOnlyList<JsonElement> rows, int notShown, List<ToolAnswer> answers)
    {
        var unread = string.Concat(answers.Select(a => Unread(a.Result!.Value)).Distinct(StringComparer.Ordinal));
        var word = answers.Count > 1 ? "guest" : answers[0].Tool is "get_vms" ? "VM" : "container";
        var arguments = asked.All[0].Arguments;
        var where = $"{(arguments["status"]?.ToString() is { } status ? $" {status}" : "")}{(arguments["node"]?.ToString() is { } node ? $" on {node}" : "")}{(arguments["tag"]?.ToString() is { } tag ? $" with the tag {tag}" : "")}{(arguments["pool"]?.ToString() is { } pool ? $" in the pool {pool}" : "")}";
        var total = rows.Count + notShown;
        if (total == 0) return $"No {word} is{(where.Length > 0 ? where : " there")}.{unread}";
        var running = arguments["status"] is null ? $", {rows.Count(r => r.Text("status") is "running")} running" : "";
        if (asked.Topic is Topic.Count) return $"{Told.Capital(Told.Many(total, word))}{where}{running}.{unread}";
        return $"{Told.Capital(Told.Many(total, word))}{where}{running}: {Told.List(rows.OrderBy(r => r.Text("name"), StringComparer.OrdinalIgnoreCase).Select(r => r.Text("status") is "running" || arguments["status"] is not null ? r.Text("name") ?? "" : $"{r.Text("name")} ({r.Text("status")})"), 20)}.{unread}";
    }

    private string Storages(JsonElement of)
    {
        var rows = of.Rows().Where(r => asked.Focus.Storage is null || r.Text("name") == asked.Focus.Storage).ToList();
        if (rows.Count == 0) return $"There is no storage{(asked.Focus.Storage is { } name ? $" {name}" : "")}.{Unread(of)}";
        if (rows.Count <= 3) return string.Join(' ', rows.Select(r => r.Text("status") is "available" ? $"{Called(r)} is {Told.Percent(r.Number("usedBytes") / r.Number("totalBytes"))} full: {Told.Size(r.Number("usedBytes"))} of {Told.Size(r.Number("totalBytes"))}, {Told.Size(r.Number("totalBytes") - r.Number("usedBytes"))} free." : $"{Called(r)} is not available.")) + Unread(of);
        var sorted = rows.OrderByDescending(r => r.Number("usedBytes") / r.Number("totalBytes") ?? 0).ToList();
        var full = sorted.Count(r => r.Number("usedBytes") / r.Number("totalBytes") > 0.9);
        return $"{(full == 0 ? "No storage is nearly full" : Told.Capital(Told.Many(full, "storage")) + (full == 1 ? " is" : " are") + " nearly full")}. {Told.List(sorted.Select(r => $"{Called(r)} {(r.Text("status") is "available" ? Told.Percent(r.Number("usedBytes") / r.Number("totalBytes")) : "(not available)")}"))}.{Unread(of)}";

        static string Called(JsonElement r) => r.Text("node") is { } node ? $"{r.Text("name")} on {node}" : r.Text("name") ?? "";
    }

    private static string Content(JsonElement of)
    {
        var rows = of.Rows();
        return rows.Count == 0 ? $"Nothing of that is on {of.Text("storage")}." : $"On {of.Text("storage")}: {Told.List(rows.Select(r => $"{(r.Text("volume") ?? "").Split('/').Last()} ({Told.Size(r.Number("sizeBytes"))})"), Shown)}.{(of.Text("partial") is { } partial ? $" {partial}" : "")}";
    }

    private string Settings(JsonElement of)
    {
        var (name, all) = (of.Text("name"), of.Part("settings") is { } part ? part.EnumerateObject().ToDictionary(p => p.Name, p => p.Value.ToString(), StringComparer.Ordinal) : []);
        var disks = all.Where(s => s.Key is "rootfs" || s.Key.TrimEnd('0', '1', '2', '3', '4', '5', '6', '7', '8', '9') is "scsi" or "virtio" or "sata" or "ide" or "mp" && !s.Value.Contains("media=cdrom", StringComparison.Ordinal)).OrderBy(s => s.Key, StringComparer.Ordinal).ToList();
        if (asked.Topic is Topic.Disk) return disks.Count == 0 ? $"{name} has no disks." : $"{name} has {Told.Many(disks.Count, "disk")}: {Told.List(disks.Select(d => $"{d.Key}, {SizeOf(d.Value)} on {d.Value.Split(':')[0]}"))}.";
        string? One(string key) => all.GetValueOrDefault(key);
        var cores = One("cores") is { } c ? $"{c} cores{(One("sockets") is { } sockets and not "1" ? $" in {sockets} sockets" : "")}" : "as many cores as its node";
        var memory = One("memory") is { } m && double.TryParse(m, NumberStyles.Integer, CultureInfo.InvariantCulture, out var mib) ? Told.Size(mib * 1048576) : "default";
        var nets = all.Where(s => s.Key.StartsWith("net", StringComparison.Ordinal)).Select(s => s.Value.Split(',').FirstOrDefault(p => p.StartsWith("bridge=", StringComparison.Ordinal))?[7..]).OfType<string>().ToList();
        return $"{name} has {cores}, {memory} of memory and {Told.List(disks.Select(d => $"{d.Key} of {SizeOf(d.Value)}"))}{(nets.Count > 0 ? $", on {Told.List(nets)}" : "")}. {(One("onboot") is "1" ? "It starts with its node" : "It does not start with its node")}{(One("boot") is { } boot ? $" (boot: {boot})" : "")}.{(One("tags") is { } tags ? $" Tags: {tags.Replace(';', ' ')}." : "")}";

        static string SizeOf(string value) => value.Split(',').FirstOrDefault(p => p.StartsWith("size=", StringComparison.Ordinal)) is { } size ? $"{size[5..^1]} {size[^1]}iB" : "an unknown size";
    }

    private string Snapshots(JsonElement of)
    {
        var rows = of.Rows();
        var name = asked.About?.Guest?.Name ?? "It";
        return rows.Count == 0 ? $"{name} has no snapshots." : $"{name} has {Told.Many(rows.Count, "snapshot")}: {Told.List(rows.Select(r => $"{r.Text("name")} ({Told.Ago(r.Time("at"), now)}{(r.Flag("withMemory") is true ? ", with memory" : "")})"))}.";
    }

    private string Backups(JsonElement of)
    {
        var (newest, without) = (of.Rows("newest"), of.Rows("withoutBackup"));
        var lacking = without.Count + (int)(of.Number("withoutNotShown") ?? 0);
        if (asked.About?.Guest is { } guest && asked.Topic is Topic.Backups)
        {
            var own = newest.FirstOrDefault(n => n.Number("vmid") == guest.Vmid);
            return own.ValueKind is JsonValueKind.Object ? $"{guest.Name} was last backed up {Told.Ago(own.Time("at"), now)}, to {own.Text("storage")} ({Told.Size(own.Number("bytes"))}); there {((int?)own.Number("backups") is 1 ? "is 1 backup" : $"are {own.Number("backups")} backups")}.{Unread(of)}" : $"{guest.Name} has no backup{(of.Rows("unread").Count > 0 ? " that I can see" : "")}.{Unread(of)}";
        }

        var age = asked.All[0].Arguments["max_age_days"]?.ToString() is { } days ? $" of the last {days} days" : "";
        var names = Told.List(without.Select(w => w.Text("name") ?? $"{w.Number("vmid")}"), 20);
        if (asked.Topic is Topic.NoBackup) return lacking == 0 ? $"Every guest has a backup{age}.{Unread(of)}" : $"{Told.Capital(Told.Many(lacking, "guest has", "guests have"))} no backup{age}: {names}.{Unread(of)}";
        return $"{Told.Many(newest.Count + (int)(of.Number("newestNotShown") ?? 0), "guest has", "guests have")} a backup{(newest.Count > 0 ? $", the newest from {Told.Ago(newest.Max(n => n.Time("at")), now)}" : "")}. {(lacking == 0 ? "None is without one." : $"{Told.Capital(Told.Many(lacking, "guest has", "guests have"))} none: {names}.")}{Unread(of)}";
    }

    private string Tasks(JsonElement of)
    {
        var rows = of.Rows();
        if (rows.Count == 0) return $"{(asked.Topic is Topic.FailedTasks ? "No task failed" : "There were no tasks")} as far back as Proxmox keeps them.{Unread(of)}";
        return $"{(asked.Topic is Topic.FailedTasks ? $"{Told.Capital(Told.Many(rows.Count, "task"))} failed" : $"The last {Told.Many(rows.Count, "task")}")}: {Told.List(rows.Select(r => $"{r.Text("what")} on {r.Text("node")} {Told.Ago(r.Time("startedAt"), now)}{(r.Text("state") is "ok" ? "" : $" ({PlainText.Shown(r.Text("exitStatus") ?? r.Text("state") ?? "", 100)})")}"), 6)}.{Unread(of)}";
    }

    private static string TaskLog(JsonElement of) =>
        $"{of.Text("what")}: {of.Text("exitStatus") ?? of.Text("state")}. Its last lines:\n{string.Join('\n', of.Rows("lines").TakeLast(10).Select(l => PlainText.Shown(l.GetString() ?? "", 200)))}";

    private string Events(JsonElement of)
    {
        var rows = of.Rows();
        var from = asked.All[0].Arguments["from"] is null ? "" : " in that time";
        return rows.Count == 0 ? $"{(asked.Topic is Topic.Problems ? "There were no warnings" : "Nothing happened")}{from}." : $"{Told.Capital(Told.Many(rows.Count, asked.Topic is Topic.Problems ? "warning" : "event"))}{(of.Number("next") is null ? "" : " and more")}{from}, the newest first: {string.Join("; ", rows.Take(8).Select(r => $"{Told.Ago(r.Time("at"), now)} {PlainText.Shown(r.Text("summary") ?? "", 160).TrimEnd('.')}"))}.";
    }

    private static string History(JsonElement of)
    {
        var unit = of.Text("unit") ?? "";
        string Of(string field) => of.Number(field) is not { } value ? "unknown" : unit switch
        {
            "fraction" => Told.Percent(value),
            "bytes" => Told.Size(value),
            "bytes_per_second" or "bytes per second" or "bytes/s" => $"{Told.Size(value)}/s",
            _ => string.Create(CultureInfo.InvariantCulture, $"{value:0.##} {unit}"),
        };
        return of.Number("points") is null or 0 ? $"There are no values of the {of.Text("metric")} of {of.Text("target")} for the last {of.Text("range")}."
            : $"The {of.Text("metric")?.Replace('_', ' ')} of {of.Text("target")} over the last {of.Text("range")}: {Of("mean")} on average, between {Of("minimum")} and {Of("maximum")}, now {Of("latest")}; {of.Text("trend")}.";
    }

    private static string Found(JsonElement of)
    {
        var rows = of.Rows();
        return rows.Count == 0 ? $"I found nothing like that.{Unread(of)}" : $"I found {Told.List(rows.Select(r => $"{r.Text("name")} ({r.Text("kind")}{(r.Text("kind") is "guest" ? $" {r.Text("id")}" : "")}{(r.Text("kind") is "node" || r.Text("node") is null ? "" : $" on {r.Text("node")}")})"), 8)}.{Unread(of)}";
    }

    private static string Then(JsonElement of)
    {
        var counts = of.Part("guestsByStatus") is { } by ? Told.List(by.EnumerateObject().Select(c => $"{c.Value} {c.Name}")) : "unknown";
        var nodes = of.Part("nodes") is { } all ? all.EnumerateObject().Where(n => n.Value.GetString() is not "online").Select(n => $"{n.Name} was {n.Value}").ToList() : [];
        return $"At {of.Time("at"):u} {(nodes.Count == 0 ? "all nodes were online" : Told.List(nodes))}{(of.Flag("quorate") is false ? ", without quorum" : "")}; guests: {counts}.{(of.Rows("gaps") is { Count: > 0 } gaps ? $" {string.Join(' ', gaps.Select(g => g.GetString()))}" : "")}";
    }
}
