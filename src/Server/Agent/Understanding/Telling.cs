using System.Text;
using System.Text.Json;
using Jarvis.Safety;

namespace Jarvis.Server.Agent.Understanding;

/// <summary>Puts what tools gave into a few plain sentences, the answer first.</summary>
internal sealed partial class Telling(Understood.Calls asked, DateTimeOffset now)
{
    /// <summary>Answers in the order of the calls.</summary>
    public string Of(IReadOnlyList<ToolAnswer> answers)
    {
        var text = new StringBuilder();
        if (asked.Guess is { } guess) text.Append(guess).Append(' ');
        if (asked.Deed is not null) text.AppendJoin(' ', answers.Select((a, i) => Deed(a, i < asked.All.Count ? asked.All[i] : null)));
        else
        {
            var missing = answers.Where(a => a.Status is not ToolStatus.Completed).ToList();
            var read = answers.Where(a => a.Status is ToolStatus.Completed).ToList();
            if (read.Count > 0) text.Append(Read(read));
            foreach (var one in missing) text.Append(text.Length > 0 ? " " : "").Append(Trouble(one));
        }

        return text.ToString().Trim();
    }

    private static string Deed(ToolAnswer answer, Wanted? wanted)
    {
        var called = wanted is null ? answer.Tool : InWords(wanted);
        return answer.Status switch
        {
            ToolStatus.Completed => $"Done: {called}.{Result(answer)}",
            ToolStatus.AwaitingApproval => $"That needs your approval: {answer.Approval!.Plan.Summary.TrimEnd('.')}.{(answer.Approval.KeywordRequired ? " It takes the approval keyword." : "")}",
            ToolStatus.Running => $"I have begun to {called}; it goes on, and I'll say when it ends.",
            ToolStatus.Unknown => $"I don't know whether “{called}” had its effect: {answer.Text}",
            ToolStatus.Failed => $"It did not work ({called}): {answer.Text}",
            _ => $"I was not allowed to {called}: {answer.Text}",
        };
    }

    private static string Trouble(ToolAnswer answer) => answer.Status switch
    {
        ToolStatus.Refused => $"I was not allowed to look ({answer.Tool}): {answer.Text}",
        ToolStatus.Running => $"{answer.Tool} is still reading.",
        _ => $"I could not find out ({answer.Tool}): {answer.Text}",
    };

    private static string Result(ToolAnswer answer) =>
        answer.Result is { } result && result.Text("name") is { } name && answer.Tool is "create_snapshot" ? $" The snapshot is called {name}." : answer.Text is { Length: > 0 and < 400 } text ? $" {text}" : "";

    /// <summary>"restart jellyfin", for what is to be done or was.</summary>
    public static string InWords(Wanted wanted)
    {
        var (guest, name, node) = (Word("guest"), Word("name"), Word("node"));
        return wanted.Tool switch
        {
            "create_snapshot" => $"make the snapshot {name} of {guest}",
            "rollback_snapshot" => $"take {guest} back to the snapshot {name}",
            "delete_snapshot" => $"delete the snapshot {name} of {guest}",
            "backup_guest" => $"back up {guest}",
            "migrate_guest" => $"move {guest} to {Word("target_node")}",
            "clone_guest" => $"clone {guest} as {name}",
            "update_guest" => $"change {guest} ({string.Join(", ", wanted.Arguments.Where(a => a.Key is not ("guest" or "cluster")).Select(a => $"{a.Key} {a.Value}"))})",
            "resize_disk" => $"add {Word("add_gib")} GiB to {Word("disk")} of {guest}",
            "reboot_node" => $"restart the node {node}",
            "evacuate_node" => $"move all guests away from {node}",
            "remove_node" => $"remove the node {node}",
            "unlock_guest" => $"unlock {guest}",
            "bulk_guests" => $"{Word("action")} the guests of {wanted.Arguments["selector"]?.ToJsonString()}",
            var tool when tool.Split('_') is [var verb, "vm" or "container"] => $"{(verb == "shutdown" ? "shut down" : verb)} {guest}",
            _ => wanted.Tool,
        };

        string Word(string of) => wanted.Arguments[of]?.ToString() ?? "";
    }

    private string Read(List<ToolAnswer> answers)
    {
        var first = answers[0];
        if (first.Result is not { } result) return first.Text is { Length: > 0 } text ? PlainText.Shown(text, 1_500) : "There is nothing to tell.";
        return first.Tool switch
        {
            "get_guest_status" => Guest(result, answers.Skip(1).Select(a => a.Result).OfType<JsonElement>().FirstOrDefault()),
            "get_node_status" => Node(result, answers.Skip(1).Select(a => a.Result).OfType<JsonElement>().FirstOrDefault()),
            "get_cluster_status" => Clusters(result, answers.Skip(1).Select(a => a.Result).OfType<JsonElement>().FirstOrDefault()),
            "get_cluster_resources" => Resources(result),
            "get_vms" or "get_containers" => Guests([.. answers.SelectMany(a => a.Result!.Value.Rows())], answers.Sum(a => (int)(a.Result!.Value.Number("notShown") ?? 0)), answers),
            "get_storage" => Storages(result),
            "get_storage_content" => string.Join(' ', answers.Select(a => Content(a.Result!.Value))),
            "get_guest_config" => Settings(result),
            "get_snapshots" => Snapshots(result),
            "get_backups" => Backups(result),
            "get_recent_tasks" => Tasks(result),
            "get_task_log" => TaskLog(result),
            "get_events" => Events(result),
            "get_metrics_history" => History(result),
            "find_resource" => Found(result),
            "get_cluster_at" => string.Join(' ', result.ValueKind is JsonValueKind.Array ? result.EnumerateArray().Select(Then) : [Then(result)]),
            _ => Hosts(first.Tool, answers),
        };
    }

    private static string Unread(JsonElement result) =>
        result.Rows("unread") is { Count: > 0 } rows ? $" Not known: {string.Join(" ", rows.Select(r => $"{r.Text("what")}: {r.Text("why")}"))}" : "";
}
