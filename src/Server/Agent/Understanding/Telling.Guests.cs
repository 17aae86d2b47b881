using System.Globalization;
using System.Text.Json;

namespace Jarvis.Server.Agent.Understanding;

internal sealed partial class Telling
{
    private string Guest(JsonElement of, JsonElement node)
    {
        var (name, status) = (of.Text("name") ?? "It", Status(of));
        var running = status is "running";
        var (cpu, memory, most) = (of.Number("cpuFraction"), of.Number("memoryBytes"), of.Number("maxMemoryBytes"));
        var up = of.Number("uptimeSeconds") is > 0 and var seconds ? $" for {Told.For(TimeSpan.FromSeconds(seconds))}" : "";
        var held = of.Text("lock") is { } locked ? $" It is locked ({locked})." : "";
        switch (asked.Topic)
        {
            case Topic.Memory when running: return $"{name} uses {Told.Share(memory, most)} of memory.";
            case Topic.Cpu when running: return $"{name} uses {Told.Percent(cpu)} of its processors.";
            case Topic.Memory or Topic.Cpu or Topic.Network: return $"{name} is {status} and uses nothing.";
            case Topic.Place: return $"{name} is on {of.Text("node")}{(running ? "" : $", {status}")}.";
            case Topic.Uptime: return running ? $"{name} has been running{up}." : $"{name} is {status}.";
            case Topic.Address: return of.Rows("addresses") is { Count: > 0 } addresses ? $"{name} has {Told.List(addresses.Select(a => a.GetString() ?? ""))}." : $"The addresses of {name} are not known{(running ? Because(of) : $": it is {status}")}.";
            case Topic.Slow: return Slow(of, name, status, node) + held;
        }

        var claim = asked.Focus.Claim switch
        {
            "running" or "up" or "online" or "alive" or "started" or "working" or "okay" or "healthy" or "fine" => running ? "Yes, " : "No, ",
            "stopped" or "down" or "off" or "offline" => running ? "No, " : "Yes, ",
            "paused" => status is "paused" ? "Yes, " : "No, ",
            _ => "",
        };
        var more = running ? $", with {Told.Percent(cpu)} of its processors and {Told.Share(memory, most)} of memory in use" : "";
        var files = of.Rows("fileSystems").Select(f => (Mount: f.Text("mountPoint"), Part: f.Number("usedBytes") / f.Number("totalBytes"))).Where(f => f.Part is > 0.9).Select(f => $"{f.Mount} is {Told.Percent(f.Part)} full").ToList();
        return $"{claim}{name} is {status} on {of.Text("node")}{up}{more}.{(files.Count > 0 ? $" {Told.Capital(Told.List(files))}." : "")}{held}";
    }

    private static string Status(JsonElement of) => of.Text("qmp") is "paused" ? "paused" : of.Text("status") ?? "in an unknown state";

    private static string Because(JsonElement of) => of.Text("insideUnknown") is { } why ? $": {why.TrimEnd('.')}" : "";

    private static string Slow(JsonElement of, string name, string status, JsonElement node)
    {
        if (status is not "running") return $"{name} is {status}; that is why it does not answer.";
        var findings = new List<string>();
        if (of.Number("cpuFraction") is > 0.8 and var cpu) findings.Add($"its processors are {Told.Percent(cpu)} busy");
        if (of.Number("memoryBytes") / of.Number("maxMemoryBytes") is > 0.9 and var memory) findings.Add($"its memory is {Told.Percent(memory)} used");
        findings.AddRange(of.Rows("fileSystems").Where(f => f.Number("usedBytes") / f.Number("totalBytes") > 0.9).Select(f => $"{f.Text("mountPoint")} is {Told.Percent(f.Number("usedBytes") / f.Number("totalBytes"))} full"));
        if (of.Text("lock") is { } locked) findings.Add($"it is locked ({locked}), so something is being done to it");
        var host = HostTrouble(node);
        findings.AddRange(host);
        return findings.Count > 0 ? $"Probably because {Told.List(findings)}."
            : $"I see no reason in {name} itself: its processors are {Told.Percent(of.Number("cpuFraction"))} busy, its memory {Told.Percent(of.Number("memoryBytes") / of.Number("maxMemoryBytes"))} used, and its node {node.Text("name") ?? of.Text("node")} is not under load. What runs inside of it I can't see from here.";
    }

    private static List<string> HostTrouble(JsonElement node)
    {
        var findings = new List<string>();
        if (node.ValueKind is not JsonValueKind.Object) return findings;
        var name = node.Text("name");
        if (node.Number("cpu") is > 0.8 and var cpu) findings.Add($"the processors of its node {name} are {Told.Percent(cpu)} busy");
        if (node.Number("ioWait") is > 0.1 and var wait) findings.Add($"{name} waits for its disks {Told.Percent(wait)} of the time");
        if (node.Number("memory") / node.Number("maxMemory") is > 0.92 and var memory) findings.Add($"the memory of {name} is {Told.Percent(memory)} used");
        if (node.Number("swap") / node.Number("maxSwap") is > 0.5 and var swap) findings.Add($"{name} swaps ({Told.Percent(swap)} used)");
        if (node.Number("rootUsed") / node.Number("rootTotal") is > 0.95 and var root) findings.Add($"the root file system of {name} is {Told.Percent(root)} full");
        return findings;
    }

    private string Node(JsonElement of, JsonElement resources)
    {
        var name = of.Text("name") ?? "The node";
        var status = of.Text("status")?.ToLowerInvariant() ?? "unknown";
        if (status is not "online") return $"{(asked.Focus.Claim is "online" or "up" or "alive" or "okay" or "healthy" ? "No, " : "")}{name} is {status}.";
        var up = of.Time("startedAt") is { } started ? $" for {Told.For(now - started)}" : "";
        switch (asked.Topic)
        {
            case Topic.Memory: return $"{name} uses {Told.Share(of.Number("memory"), of.Number("maxMemory"))} of memory.";
            case Topic.Cpu: return $"The processors of {name} are {Told.Percent(of.Number("cpu"))} busy{(of.Rows("load") is [var one, ..] ? string.Create(CultureInfo.InvariantCulture, $", at a load of {one.GetDouble():0.##} on {of.Number("maxCpu"):0} threads") : "")}.";
            case Topic.Uptime: return $"{name} has been up{up}.";
            case Topic.Version: return $"{name} runs Proxmox VE {of.Text("version") ?? "of an unknown version"} on the kernel {of.Text("kernel") ?? "(unknown)"}.";
            case Topic.Slow:
                var why = HostTrouble(of);
                return $"{(why.Count > 0 ? $"Probably because {Told.List(why)}." : $"{name} itself is not under load: {Told.Percent(of.Number("cpu"))} of its processors and {Told.Percent(of.Number("memory") / of.Number("maxMemory"))} of its memory are in use.")} {Top(resources)}".Trim();
        }

        return $"{(asked.Focus.Claim is "online" or "up" or "alive" or "okay" or "healthy" or "fine" or "running" ? "Yes, " : "")}{name} is online{up}: {Told.Percent(of.Number("cpu"))} of its processors, {Told.Share(of.Number("memory"), of.Number("maxMemory"))} of memory and {Told.Share(of.Number("rootUsed"), of.Number("rootTotal"))} of its root file system are in use.";
    }

    private string Clusters(JsonElement all, JsonElement resources)
    {
        var told = all.Rows().Select(Cluster).ToList();
        return told.Count == 0 ? "No cluster is watched yet; add one under Settings." : $"{string.Join(' ', told)} {(asked.Topic is Topic.Slow ? Top(resources) : "")}".Trim();
    }

    private string Cluster(JsonElement of)
    {
        var name = of.Text("name") ?? of.Text("cluster");
        if (of.Time("observedAt") is null) return $"{name} has not been read yet{(of.Text("trouble") is { } trouble ? $": {trouble}" : "")}.";
        var quorum = of.Flag("quorate") switch { true => "it has quorum", false => "it has NO quorum", _ => "its quorum is not known" };
        if (asked.Topic is Topic.Quorum) return $"{name}: {quorum}; {Nodes(of)}.";
        if (asked.Topic is Topic.Version) return $"{name} runs Proxmox VE {of.Text("version") ?? "of an unknown version"}.";
        var problems = of.Rows("problems").Select(p => p.GetString() ?? "").ToList();
        var running = of.Part("guestsByStatus") is { } counts ? $"{Told.Many((int)(counts.Number("running") ?? 0), "guest")} running and {counts.EnumerateObject().Where(c => c.Name != "running").Sum(c => c.Value.GetInt32())} not" : "";
        return problems.Count == 0 ? $"All is well in {name}: {Nodes(of)}, {quorum}, {running}." : $"{Told.Capital(Told.Many(problems.Count, "problem"))} in {name}: {string.Join(' ', problems)} {Told.Capital(Nodes(of))}, {quorum}, {running}.";
    }

    private static string Nodes(JsonElement of)
    {
        var nodes = of.Rows("nodes");
        var online = nodes.Count(n => n.Text("status")?.ToLowerInvariant() is "online");
        return online == nodes.Count ? $"{(online == 1 ? "its node is" : $"all {online} nodes are")} online" : $"{online} of {nodes.Count} nodes are online";
    }
}
