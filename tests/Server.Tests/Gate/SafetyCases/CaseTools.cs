using System.Collections.Concurrent;
using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Jarvis.Safety;

namespace Jarvis.Server.Tests.Gate.SafetyCases;

/// <summary>Tools of kinds that the product's own do not have yet, or that must go wrong on demand; they remember what they did.</summary>
internal sealed class CaseTools
{
    public const string Secret = "hunter2-and-more";
    private readonly ConcurrentQueue<string> _done = new();

    public IReadOnlyList<string> Done => [.. _done];

    /// <summary>What <see cref="CaseRead"/> gives.</summary>
    public string Text { get; set; } = "";

    /// <summary>Holds <see cref="CaseHoldAsync"/> until it is completed.</summary>
    public TaskCompletionSource Held { get; set; } = new();

    public TaskCompletionSource Entered { get; set; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private readonly string _long = string.Concat(Enumerable.Range(0, 20_000).Select(i => $"{i:00000} "));

    [Tool(Tier.Yellow, Outside = false), ClusterWide, Description("Takes nothing away.")]
    public string CaseNote([MaxLength(2000)] string text = "nothing said") => Did($"note {text}");

    [Tool(Tier.Red, Outside = false), Description("Changes a guest.")]
    public string CaseRed([Target(Kind.Guest, Effect = Effect.Changes)] GuestRef guest, [MaxLength(2000)] string? note = null) => Did($"red {guest} {note}");

    [Tool(Tier.Orange, Outside = false), Description("Has power over a host.")]
    public string CaseOrange([Target(Kind.Node)] NodeName node, [MaxLength(2000)] string words) => Did($"orange {node} {words}");

    [Tool(Tier.Black, Outside = false), Description("Destroys.")]
    public string CaseBlack([Target(Kind.Guest)] GuestRef guest) => Did($"black {guest}");

    [Tool(Tier.Red, Outside = false), Description("Interrupts a node.")]
    public string CaseNode([Target(Kind.Node, Effect = Effect.Interrupts)] NodeName node) => Did($"node {node}");

    [Tool(Tier.Red, Outside = false), Description("Takes a storage away.")]
    public string CaseStorage([Target(Kind.Storage)] StorageId storage) => Did($"storage {storage}");

    [Tool(Tier.Yellow, Outside = false), Description("Restarts a service.")]
    public string CaseService([Target(Kind.Service, Effect = Effect.Interrupts)] ServiceUnit service) => Did($"service {service}");

    [Tool(Tier.Yellow, Outside = false, Sends = true), ClusterWide, Description("Sends text away.")]
    public string CaseSend([MaxLength(2000)] string text) => Did($"send {text}");

    [Tool(Tier.Yellow, Outside = false), ClusterWide, Description("Cannot know what happened.")]
    public string CaseLost() => throw new OutcomeUnknownException($"{Did("lost")}, and the answer was: 500, token={Secret}");

    [Tool(Tier.Green, Outside = true), Description("Reads text from outside.")]
    public string CaseRead() => Text;

    [Tool(Tier.Green, Outside = false), Description("Says much.")]
    public string CaseLong() => _long;

    [Tool(Tier.Yellow, Outside = false), ClusterWide, Description("Takes its time.")]
    public async Task<string> CaseHoldAsync(CancellationToken cancellationToken)
    {
        Entered.TrySetResult();
        await Held.Task.WaitAsync(cancellationToken);
        return Did("held");
    }

    [Tool(Tier.Red, Outside = false), ClusterWide, Description("Takes its time over something that needs a person.")]
    public Task<string> CaseRedHoldAsync(CancellationToken cancellationToken) => CaseHoldAsync(cancellationToken);

    [Tool(Tier.Yellow, Outside = false, Plan = nameof(PlanTrouble)), ClusterWide, Description("Cannot be planned.")]
    public string CaseTrouble() => Did("trouble");

    private static Plan PlanTrouble() => throw new InvalidOperationException($"a bug, token={Secret}");

    private string Did(string what)
    {
        _done.Enqueue(what);
        return what;
    }
}
