using System.Globalization;
using System.Text.Json;
using Jarvis.Safety;

namespace Jarvis.Server.Agent.Understanding;

internal sealed partial class Telling
{
    /// <summary>What is asked of nodes, of one or of several.</summary>
    private string Hosts(string tool, IReadOnlyList<ToolAnswer> answers) => string.Join(' ', answers.Select(a => a.Result!.Value).Select(r => tool switch
    {
        "get_updates" => Updates(r),
        "get_certificates" => Certificates(r),
        "get_services" => Services(r),
        "get_journal" => Journal(r),
        "get_disks" => Disks(r),
        "get_zfs_pools" => Pools(r),
        "get_ceph_status" => string.Join(' ', (r.ValueKind is JsonValueKind.Array || r.Part("items") is not null ? r.Rows() : [r]).Select(Ceph)) + Unread(r),
        "get_ha_status" => string.Join(' ', (r.ValueKind is JsonValueKind.Array || r.Part("items") is not null ? r.Rows() : [r]).Select(Ha)) + Unread(r),
        "get_replication" => Replication(r),
        "get_network" => Network(r),
        _ => PlainText.Shown(r.GetRawText(), 1_500),
    }));

    private static string Updates(JsonElement of) => of.Number("total") is 0 ? $"{of.Text("node")} is up to date."
        : $"{of.Text("node")} has {Told.Many((int)(of.Number("total") ?? 0), "update")}, {of.Number("likelySecurity")} of them likely for security: {Told.List(of.Rows("packages").Select(p => p.Text("package") ?? ""), 8)}.";

    private static string Certificates(JsonElement of)
    {
        var rows = of.Rows();
        if (rows.Count == 0) return "There are no certificates to be seen.";
        var first = rows[0];
        return $"{first.Text("node")}: the first of {Told.Many(rows.Count, "certificate")} to expire is {first.Text("file")}, {(first.Flag("expired") is true ? "which HAS expired" : string.Create(CultureInfo.InvariantCulture, $"in {first.Number("daysLeft"):0} days"))}.{Unread(of)}";
    }

    private static string Services(JsonElement of)
    {
        var rows = of.Rows();
        if (rows is [var one]) return $"{one.Text("name")} on {one.Text("node")} is {one.Text("activeState") ?? one.Text("state")} ({one.Text("state")}).";
        var failed = rows.Where(r => r.Text("activeState") is "failed" || r.Text("state") is "failed").ToList();
        var running = rows.Count(r => r.Text("state") is "running");
        return rows.Count == 0 ? "Proxmox names no such service." : $"{rows[0].Text("node")}: {running} of {rows.Count} services run; {(failed.Count == 0 ? "none failed" : $"these FAILED: {Told.List(failed.Select(f => f.Text("name") ?? ""))}")}.{Unread(of)}";
    }

    private static string Journal(JsonElement of) => $"The newest lines of {of.Text("node")}{(of.Text("unit") is { } unit ? $" ({unit})" : "")}:\n{string.Join('\n', of.Rows("lines").TakeLast(15).Select(l => PlainText.Shown(l.GetString() ?? "", 220)))}";

    private static string Disks(JsonElement of)
    {
        var rows = of.Rows();
        if (rows.Count == 0) return $"No disks are to be seen.{Unread(of)}";
        var bad = rows.Where(r => r.Text("smartHealth") is { } health && health is not ("PASSED" or "OK") && !health.Equals("unknown", StringComparison.OrdinalIgnoreCase) || r.Number("lifeLeftPercent") is < 10).ToList();
        return $"{rows[0].Text("node")} has {Told.Many(rows.Count, "disk")}, {(bad.Count == 0 ? "all of them healthy" : $"and {Told.List(bad.Select(b => $"{b.Text("device")} is {b.Text("smartHealth")}{(b.Number("lifeLeftPercent") is { } left ? string.Create(CultureInfo.InvariantCulture, $" with {left:0} % of its life left") : "")}"))}")}: {Told.List(rows.Select(r => $"{r.Text("device")} ({r.Text("model")}, {Told.Size(r.Number("sizeBytes"))}{(r.Number("lifeLeftPercent") is { } l ? string.Create(CultureInfo.InvariantCulture, $", {l:0} % of its life left") : "")})"))}.{Unread(of)}";
    }

    private static string Pools(JsonElement of)
    {
        var rows = of.Rows();
        return rows.Count == 0 ? $"There are no ZFS pools.{Unread(of)}" : $"{Told.List(rows.Select(r => $"{r.Text("name")} on {r.Text("node")} is {r.Text("health")} and {Told.Percent(r.Number("allocatedBytes") / r.Number("sizeBytes"))} full{(r.Text("scan") is { } scan ? $" ({PlainText.Shown(scan, 100)})" : "")}"), 8)}.{Unread(of)}";
    }

    private static string Ceph(JsonElement of) => of.Flag("installed") is false ? $"Ceph is not installed in {of.Text("cluster")}."
        : $"Ceph in {of.Text("cluster")} is {of.Text("health")}: {of.Number("osdsUp")} of {of.Number("osds")} OSDs up, {Told.Share(of.Number("usedBytes"), of.Number("totalBytes"))} used.{string.Concat(of.Rows("problems").Take(4).Select(p => $" {PlainText.Shown(p.Text("message") ?? p.Text("check") ?? "", 160)}."))}";

    private static string Ha(JsonElement of)
    {
        var services = of.Rows("services");
        var odd = services.Where(s => s.Text("state") is not ("started" or "stopped" or "ignored" or "disabled")).ToList();
        return services.Count == 0 ? $"No guest of {of.Text("cluster")} is under high availability." : $"High availability keeps {Told.Many(services.Count, "guest")} of {of.Text("cluster")} running: {Told.List(services.Select(s => $"{s.Text("guest")} {s.Text("state")} on {s.Text("node")}"), 8)}.{(odd.Count > 0 ? $" In trouble: {Told.List(odd.Select(o => o.Text("guest") ?? ""))}." : "")}";
    }

    private string Replication(JsonElement of)
    {
        var rows = of.Rows();
        return rows.Count == 0 ? $"There are no replication jobs.{Unread(of)}" : $"{Told.List(rows.Select(r => $"{r.Text("job")} to {r.Text("target")}: {((r.Number("failures") ?? 0) > 0 ? $"FAILED {r.Number("failures")} times ({PlainText.Shown(r.Text("error") ?? "", 100)})" : $"last in step {Told.Ago(r.Time("lastSyncAt"), now)}")}"), 8)}.{Unread(of)}";
    }

    private static string Network(JsonElement of)
    {
        var rows = of.Rows();
        return rows.Count == 0 ? $"There are no interfaces to be seen.{Unread(of)}" : $"{Told.List(rows.Select(r => $"{r.Text("name")} on {r.Text("node")} ({r.Text("type")}{(r.Text("address") is { } address ? $", {address}" : "")}{(r.Flag("active") is true ? "" : ", not active")})"), 12)}.{Unread(of)}";
    }
}
