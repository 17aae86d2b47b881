using Jarvis.Server.Agent.Providers;
using Jarvis.Server.Agent.Understanding;
using Jarvis.Server.Cluster;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Options;

namespace Jarvis.Server.Agent;

/// <summary>Who is asked one after another, and why in this order.</summary>
internal sealed record Spoken(IReadOnlyList<Speaker> Speakers, IReadOnlyList<string> Reasons);

/// <summary>Chooses who answers: whom the person chose, what understands exactly without a model, or the models that can be asked now; and at
/// the end always what needs none.</summary>
internal sealed class Speakers(ProviderChain chain, LiveClusters clusters, IOptions<AgentOptions> options)
{
    /// <summary>Who may be chosen.</summary>
    public IReadOnlyList<string> Names => [.. chain.Names, BuiltIn.Name];

    public async Task<(Spoken Spoken, IChatClient? Summariser)> ForAsync(ChatQuestion asked, Understood meant, string session, Kept kept, BuiltIn builtIn, CancellationToken cancellationToken)
    {
        var without = new Speaker(BuiltIn.Name, builtIn, null);
        if (asked.Provider == BuiltIn.Name) return (new([without], ["You chose it."]), null);
        if (asked.Provider is null && options.Value.FastPath && IsPlain(asked.Message, meant)) return (new([without], ["It was understood exactly, without a model."]), null);
        var all = await chain.InOrderAsync([], session, cancellationToken);
        var toolsBefore = kept.Lines.LastOrDefault(l => l.Role is "assistant")?.Messages.SelectMany(m => m.Contents).OfType<FunctionCallContent>().Any() is true;
        var route = Router.Of(asked.Message, [.. clusters.All.Select(c => c.Current.View)], toolsBefore, asked.Provider, [.. all.Select(c => new Routable(c.Name, c.Card is null or { CallsTools: true }, c.Card?.Price.IsFree is true))]);
        var candidates = route.Preference.Select(n => all.First(c => c.Name == n)).ToList();
        var able = candidates.Where(c => c is { Client: not null, Card: not null }).ToList();
        List<string> reasons = [.. candidates.TakeWhile(c => c.Client is null).Select(c => c.Skipped!)];
        if (able.Count == 0) reasons.Add("No language model can be asked; the built-in understanding answers.");
        else if (asked.Provider is null || able[0].Name == asked.Provider) reasons.AddRange(route.Reasons);
        return (new([.. able.Select(Of), without], reasons), able.OrderBy(c => c.Card!.Price.Of(new(1_000, 0, 0, 100))).FirstOrDefault()?.Client);
    }

    /// <summary>Everybody, in their order, with why one cannot be asked now.</summary>
    public async Task<IReadOnlyList<ChatProvider>> AllAsync(CancellationToken cancellationToken) =>
        [.. (await chain.InOrderAsync([], "", cancellationToken)).Select(c => new ChatProvider(c.Name, c.Card?.Id, c.Skipped)), new(BuiltIn.Name, null, null)];

    /// <summary>That one alone; null when it cannot be asked now.</summary>
    public async Task<Speaker?> OnlyAsync(string name, string session, CancellationToken cancellationToken) =>
        (await chain.InOrderAsync([name], session, cancellationToken)) is [{ Client: not null, Card: not null } first, ..] && first.Name == name ? Of(first) : null;

    // A deed is exact or none; of a question a word that means nothing here may be the one that matters.
    private bool IsPlain(string message, Understood meant) => meant switch
    {
        Understood.Calls { Exact: true, Deed: not null } or Understood.Help or Understood.Greeting => true,
        Understood.Calls { Exact: true } => Meaning.Covers(message, [.. clusters.All.Select(c => c.Current.View)]),
        _ => false,
    };

    private static Speaker Of(Candidate candidate) => new(candidate.Name, candidate.Client!, candidate.Card);
}
