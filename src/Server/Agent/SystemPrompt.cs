using System.Globalization;
using System.Text;
using Jarvis.Server.Cluster;
using Microsoft.Extensions.AI;

namespace Jarvis.Server.Agent;

/// <summary>What every model is told before a conversation: the rules, which never change, then what is so at the moment.</summary>
internal sealed class SystemPrompt(LiveClusters clusters, TimeProvider time)
{
    private const int MostOfMoment = 2_100;
    private const int MostProblems = 8;
    private const int MostNames = 60;
    private static readonly Lazy<string> Rules = new(() =>
    {
        using var stream = typeof(SystemPrompt).Assembly.GetManifestResourceStream("SystemPrompt.md")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().ReplaceLineEndings("\n").TrimEnd();
    });

    /// <summary>The rules come first and alone: they are what providers keep.</summary>
    /// <param name="memory">What is remembered that may matter, whole lines.</param>
    /// <param name="summary">What was said before the turns that are sent.</param>
    public ChatMessage Of(string? memory, string? summary) => Of([.. clusters.All.Select(c => c.Current.View)], time.GetUtcNow(), memory, summary);

    internal static ChatMessage Of(IReadOnlyList<ClusterView> views, DateTimeOffset now, string? memory, string? summary)
    {
        var moment = new StringBuilder(Cut(Moment(views, now), MostOfMoment));
        if (memory is not null) moment.Append("\n\n# What you remember\n").Append(memory);
        if (summary is not null) moment.Append("\n\n# Earlier in this conversation\n").Append(summary);
        return new(ChatRole.System, [new TextContent(Rules.Value), new TextContent(moment.ToString())]);
    }

    private static string Moment(IReadOnlyList<ClusterView> views, DateTimeOffset now)
    {
        var text = new StringBuilder().Append(CultureInfo.InvariantCulture, $"# The moment\nIt is {now:yyyy-MM-dd HH:mm} UTC.");
        foreach (var view in views) Tell(text, view);
        if (views.Count == 0) text.Append(" No cluster is connected yet.");
        return text.ToString();
    }

    private static void Tell(StringBuilder text, ClusterView view)
    {
        var head = view.Header;
        text.Append(CultureInfo.InvariantCulture, $"\n\n## Cluster {head.Name} (key {view.Key})\n");
        if (head.ObservedAt is not { } seen)
        {
            text.Append("It has not been read yet: nothing is known of it.");
            return;
        }

        if (head.BlindSince is { } blind) text.Append(CultureInfo.InvariantCulture, $"It CANNOT BE READ since {blind:HH:mm} UTC ({head.Trouble}); what follows is of {seen:HH:mm}.\n");
        text.Append(head.Quorate switch { true => "Quorate. ", false => "NO QUORUM. ", null => "Quorum unknown. " });
        var guests = view.Guests.Where(g => !g.Missing && !g.Template).ToList();
        text.Append(CultureInfo.InvariantCulture, $"{guests.Count} guests, {guests.Count(g => g.Status is GuestStatus.Running)} running. Proxmox VE {head.Version}.\nNodes: ");
        text.AppendJoin("; ", view.Nodes.Select(n => n.Status is NodeStatus.Online
            ? string.Create(CultureInfo.InvariantCulture, $"{n.Name} online, cpu {Share(n.Cpu)}, memory {Share(n.Memory, n.MaxMemory)}")
            : $"{n.Name} {n.Status.ToString().ToUpperInvariant()}")).Append(".\n");
        text.Append("Storages: ").AppendJoin("; ", view.Storages.Where(s => !s.Missing).Select(s => $"{s.Id} {(s.Status is StorageStatus.Available ? Share(s.Used, s.Total) + " used" : s.Status.ToString().ToUpperInvariant())}")).Append(".\n");
        var problems = Problems(view).ToList();
        if (problems.Count > 0) text.Append("Problems: ").AppendJoin("; ", problems.Take(MostProblems)).Append(problems.Count > MostProblems ? $"; and {problems.Count - MostProblems} more" : "").Append(".\n");
        text.Append("Guests: ").AppendJoin(", ", guests.OrderBy(g => g.Vmid).Take(MostNames).Select(g => $"{g.Vmid} {g.Name}{(g.Status is GuestStatus.Running ? "" : " (" + g.Status.ToString().ToLowerInvariant() + ")")}"));
        if (guests.Count > MostNames) text.Append(CultureInfo.InvariantCulture, $", and {guests.Count - MostNames} more (find_resource finds them)");
        text.Append('.');
    }

    private static IEnumerable<string> Problems(ClusterView view)
    {
        foreach (var node in view.Nodes.Where(n => n.Status is not NodeStatus.Online)) yield return $"node {node.Name} is {node.Status.ToString().ToLowerInvariant()}";
        foreach (var storage in view.Storages.Where(s => !s.Missing && s.Status is StorageStatus.Unavailable)) yield return $"storage {storage.Id} is unavailable";
        foreach (var storage in view.Storages.Where(s => !s.Missing && s is { Used: { } used, Total: > 0 and var total } && used > 0.9 * total)) yield return $"storage {storage.Id} is {Share(storage.Used, storage.Total)} full";
        foreach (var guest in view.Guests.Where(g => !g.Missing && g.Lock is not null)) yield return $"guest {guest.Vmid} {guest.Name} is locked ({guest.Lock})";
        foreach (var task in view.Tasks.Where(t => t.State is TaskState.Failed).OrderByDescending(t => t.StartedAt).Take(3)) yield return string.Create(CultureInfo.InvariantCulture, $"task {task.Type} of {task.Target} on {task.Node} failed at {task.StartedAt:MM-dd HH:mm}");
    }

    private static string Share(double? of) => of is { } share ? string.Create(CultureInfo.InvariantCulture, $"{share * 100:0} %") : "unknown";

    private static string Share(long? used, long? of) => used is { } u && of is > 0 and var all ? Share((double)u / all) : "unknown";

    private static string Cut(string text, int most) => text.Length <= most ? text : $"{text[..most]}… (cut)";
}
