using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Json.Nodes;
using Jarvis.Safety;
using Jarvis.Server.Agent.Providers;
using Jarvis.Server.Agent.Understanding;
using Jarvis.Server.Cluster;
using Microsoft.Extensions.AI;

namespace Jarvis.Server.Agent;

/// <summary>Four tools that stand for all of them, for models that read little at once. What they call goes through the door under its own
/// name, and is judged and shown as that.</summary>
internal sealed class SmallProfile(SafetyKernel kernel, LiveClusters clusters)
{
    private static readonly FrozenDictionary<string, (string Guest, string Node, string Storage)> Aspects = new Dictionary<string, (string, string, string)>
    {
        ["status"] = ("get_guest_status", "get_node_status", "get_storage"),
        ["config"] = ("get_guest_config", "get_network", "get_storage_content"),
        ["snapshots"] = ("get_snapshots", "", ""),
        ["backups"] = ("get_backups", "", "get_backups"),
        ["disks"] = ("get_guest_config", "get_disks", "get_storage_content"),
        ["updates"] = ("", "get_updates", ""),
        ["services"] = ("", "get_services", ""),
        ["log"] = ("get_recent_tasks", "get_journal", ""),
        ["tasks"] = ("get_recent_tasks", "get_recent_tasks", ""),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private readonly Lazy<IReadOnlyList<AITool>> _all = new(() =>
    [
        Declared("act", $"Changes something: tool is one of the following, args what it takes (* must be given). {Writes(kernel.Invoker.Catalogue)}", """{"type":"object","properties":{"tool":{"type":"string"},"args":{"type":"object"}},"required":["tool","args"]}"""),
        Declared("find", "Finds nodes, guests and storages by name, number, tag or address.", """{"type":"object","properties":{"query":{"type":"string"}},"required":["query"]}"""),
        Declared("history", "What happened (events), or with name and metric how a number went.", """{"type":"object","properties":{"name":{"type":"string"},"metric":{"enum":["cpu","memory","disk","net_in","net_out","disk_read","disk_write"]},"range":{"enum":["hour","day","week","month","year"]}}}"""),
        Declared("inspect", "How something is: a node, guest or storage by its name; without a name the whole cluster.", """{"type":"object","properties":{"name":{"type":"string"},"aspect":{"enum":["status","config","snapshots","backups","disks","updates","services","log","tasks"]}}}"""),
        ToolDeclarations.More,
    ]);

    public IReadOnlyList<AITool> All => _all.Value;

    /// <summary>The call that is meant, under the name that the catalogue has for it; anything else as it is.</summary>
    public FunctionCallContent Meant(FunctionCallContent call)
    {
        if (call.Name is not ("act" or "find" or "history" or "inspect") || RawArguments.Of(call) is not { } bytes) return call;
        using var given = JsonDocument.Parse(bytes);
        var args = given.RootElement;
        if (call.Name is "act")
        {
            if (Text(args, "tool") is not { } tool || !args.TryGetProperty("args", out var inner) || inner.ValueKind != JsonValueKind.Object) return Flawed(call, "act takes tool, the name of one of those listed, and args, an object.");
            // As it was written, so that the door sees what is doubled or wrong in it.
            return kernel.Invoker.Catalogue.Find(tool) is null ? Flawed(call, $"There is no tool {PlainText.Shown(tool, 60)} for act.") : RawArguments.Call(call.CallId, tool, inner.GetRawText());
        }

        var name = Text(args, "name");
        return call.Name switch
        {
            "find" => Made(call, "find_resource", ("query", Text(args, "query") ?? name ?? "")),
            "history" when name is not null && Text(args, "metric") is { } metric => Made(call, "get_metrics_history", ("target", name), ("metric", metric), ("range", Text(args, "range") ?? "hour")),
            "history" => Made(call, "get_events", name is null ? [] : [("target", name)]),
            _ => Inspected(call, name, Text(args, "aspect") ?? "status"),
        };
    }

    private FunctionCallContent Inspected(FunctionCallContent call, string? name, string aspect)
    {
        if (name is null) return aspect is "backups" ? Made(call, "get_backups") : aspect is "tasks" or "log" ? Made(call, "get_recent_tasks") : Made(call, "get_cluster_status");
        if (!Aspects.TryGetValue(aspect, out var tools)) return Flawed(call, $"aspect is one of {string.Join(", ", Aspects.Keys)}.");
        var named = Mentions.In(Said.Of(name), [.. clusters.All.Select(c => c.Current.View)]);
        (string? Tool, string Argument) meant = named switch
        {
            [{ Guest: not null }, ..] => (tools.Guest, "guest"),
            [{ Node: not null }, ..] => (tools.Node, "node"),
            [{ Storage: not null }, ..] => (tools.Storage, "storage"),
            _ => (null, ""),
        };
        if (meant.Tool is null) return Made(call, "find_resource", ("query", name));
        if (meant.Tool.Length == 0) return Flawed(call, $"A {meant.Argument} has no {aspect}.");
        // All storages are listed at once.
        return meant is { Tool: "get_storage" } ? Made(call, "get_storage") : Made(call, meant.Tool, (meant.Argument, named[0].Guest?.Name ?? named[0].Node?.Name ?? named[0].Storage!.Name));
    }

    private static string Writes(ToolCatalogue catalogue) => string.Join("; ", from tool in catalogue.Tools
                                                                               where tool.Tier is > Tier.Green and < Tier.Black
                                                                               orderby tool.Name
                                                                               select $"{tool.Name}({Parameters(tool.Schema)})");

    private static string Parameters(JsonElement schema)
    {
        var required = schema.TryGetProperty("required", out var all) ? all.EnumerateArray().Select(r => r.GetString()).ToHashSet() : [];
        return string.Join(", ", schema.GetProperty("properties").EnumerateObject().Where(p => p.Name != "cluster").Select(p => required.Contains(p.Name) ? p.Name + "*" : p.Name));
    }

    private static AIFunctionDeclaration Declared(string name, string description, string schema) => AIFunctionFactory.CreateDeclaration(name, description, JsonElement.Parse(schema));

    private static string? Text(JsonElement of, string name) =>
        of.ValueKind is JsonValueKind.Object && of.TryGetProperty(name, out var value) ? value.ValueKind switch { JsonValueKind.String => value.GetString(), JsonValueKind.Number => value.GetRawText(), _ => null } : null;

    private static FunctionCallContent Made(FunctionCallContent call, string tool, params ReadOnlySpan<(string Name, string Value)> values)
    {
        var arguments = new JsonObject();
        foreach (var (name, value) in values) arguments[name] = value;
        return RawArguments.Call(call.CallId, tool, arguments.ToJsonString());
    }

    private static FunctionCallContent Flawed(FunctionCallContent call, string why) => RawArguments.Call(call.CallId, call.Name, "{}", why);
}
