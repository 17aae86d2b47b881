using System.Text.Json;
using Jarvis.Simulator.Access;

namespace Jarvis.Simulator.Api;

/// <summary>Tasks of a node and of the cluster, their state and log.</summary>
internal static class TasksApi
{
    private const int RecentPerNode = 25;
    private static readonly Privileges Audit = Privileges.Of("Sys.Audit");

    public static void ClusterList(Call call, Utf8JsonWriter json)
    {
        var finished = new Dictionary<string, int>(StringComparer.Ordinal);
        var chosen = new List<VirtualTask>();
        for (var i = call.Cluster.Tasks.Count - 1; i >= 0; i--)
        {
            var task = call.Cluster.Tasks[i];
            if (!Visible(call, task, task.Upid.Node))
            {
                continue;
            }
            var count = task.Running ? 0 : finished[task.Upid.Node] = finished.GetValueOrDefault(task.Upid.Node) + 1;
            if (count <= RecentPerNode)
            {
                chosen.Add(task);
            }
        }
        json.Objects(chosen.OrderByDescending(t => t.Started), task =>
        {
            WriteName(json, task);
            json.WriteString("saved"u8, task.Running ? "0" : "1");
            WriteEnd(json, task);
        });
    }

    public static void List(Call call, Utf8JsonWriter json)
    {
        var node = call.LiveNode.Name;
        var source = call.Optional("source") ?? "archive";
        var types = call.Optional("typefilter");
        var user = call.Optional("userfilter");
        var statuses = call.Items("statusfilter");
        var (since, until) = (call.Number("since") ?? 0, call.Number("until") ?? int.MaxValue);
        var found = call.Cluster.TasksOn(node).Reverse().Where(t => Visible(call, t, node)
            && (source == "all" || t.Running == (source == "active"))
            && (!call.Flag("errors") || (!t.Running && Class(t) is "error" or "unknown"))
            && (types is null || t.Upid.Type == types)
            && (user is null || t.Upid.User.Contains(user, StringComparison.Ordinal))
            && (call.Optional("vmid") is not { } id || t.Upid.Id == id)
            && (statuses.Length == 0 || (!t.Running && statuses.Contains(Class(t))))
            && t.Upid.StartTime >= since && t.Upid.StartTime <= until).ToArray();
        call.Total = found.Length;
        var limit = call.Number("limit") ?? 50;
        var page = found.Skip(call.Number("start") ?? 0);
        json.Objects(limit == 0 ? page : page.Take(limit), task =>
        {
            WriteName(json, task);
            if (task.Running)
            {
                json.WriteString("status"u8, "RUNNING");
            }
            WriteEnd(json, task);
        });
    }

    public static void Status(Call call, Utf8JsonWriter json)
    {
        var task = Find(call, "Sys.Audit");
        json.WriteStartObject();
        WriteName(json, task);
        json.WriteString("status"u8, task.Running ? "running" : "stopped");
        if (!task.Running)
        {
            json.WriteString("exitstatus"u8, task.ExitStatus);
        }
        json.WriteEndObject();
    }

    public static void Log(Call call, Utf8JsonWriter json)
    {
        var log = Find(call, "Sys.Audit").Log;
        IReadOnlyList<string> lines = log.Count == 0 ? ["no content"] : log;
        var (start, limit) = (call.Number("start") ?? 0, call.Number("limit") ?? 50);
        call.Total = lines.Count;
        var page = lines.Select((text, i) => (Number: i + 1, Text: text)).Skip(start);
        json.Objects(limit == 0 ? page : page.Take(limit), line =>
        {
            json.WriteNumber("n"u8, line.Number);
            json.WriteString("t"u8, line.Text);
        });
    }

    public static void Stop(Call call, Utf8JsonWriter json) => call.Cluster.StopTask(Find(call, "Sys.Modify").Id);

    private static VirtualTask Find(Call call, string privilege)
    {
        var text = call.Path["upid"];
        var upid = Upid.Parse(text) ?? throw PveException.Parameter("upid", $"unable to parse worker upid '{text}'");
        if (upid.Node != call.Node)
        {
            throw PveException.Parameter("upid", "no such task");
        }
        if (!Own(call, upid))
        {
            call.Rights.Require("/nodes/" + call.Node, privilege);
        }
        _ = call.LiveNode;
        return call.Cluster.FindTask(text) ?? throw PveException.Parameter("upid", "no such task");
    }

    private static bool Visible(Call call, VirtualTask task, string node) =>
        Own(call, task.Upid) || call.Rights.HasAny("/nodes/" + node, Audit);

    private static bool Own(Call call, in Upid upid) =>
        upid.User == call.User || (!call.Rights.Principal.IsToken && Principal.Parse(upid.User).User == call.User);

    private static string Class(VirtualTask task) => task.ExitStatus switch
    {
        "OK" => "ok",
        { } text when text.StartsWith("WARNINGS", StringComparison.Ordinal) => "warning",
        "unexpected status" or null => "unknown",
        _ => "error",
    };

    private static void WriteName(Utf8JsonWriter json, VirtualTask task)
    {
        var upid = task.Upid;
        var owner = Principal.Parse(upid.User);
        json.WriteString("upid"u8, task.Id);
        json.WriteString("node"u8, upid.Node);
        json.WriteNumber("pid"u8, upid.Pid);
        json.WriteNumber("pstart"u8, upid.PStart);
        json.WriteNumber("starttime"u8, upid.StartTime);
        json.WriteString("type"u8, upid.Type);
        json.WriteString("id"u8, upid.Id);
        json.WriteString("user"u8, owner.User);
        json.OptionalText("tokenid"u8, owner.TokenId);
    }

    private static void WriteEnd(Utf8JsonWriter json, VirtualTask task)
    {
        if (task.Ended is { } ended)
        {
            json.WriteNumber("endtime"u8, ended.ToUnixTimeSeconds());
            json.WriteString("status"u8, task.ExitStatus);
        }
    }
}
