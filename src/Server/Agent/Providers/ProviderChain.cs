using Microsoft.Data.Sqlite;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Options;

namespace Jarvis.Server.Agent.Providers;

/// <summary>One in the order of those who may be asked. One that is skipped has no client.</summary>
internal sealed record Candidate(string Name, ModelCard? Card, IChatClient? Client, string? Skipped);

/// <summary>Everybody who can be asked, each behind retry, spending, health, logging and telemetry.</summary>
internal sealed class ProviderChain(
    IReadOnlyList<Provider> providers, Spend spend, ProviderHealth health, ProviderMeters meters, IOptions<AgentOptions> options, TimeProvider time, ILoggerFactory logs) : IDisposable
{
    private readonly ILogger _log = logs.CreateLogger<ProviderChain>();

    public IReadOnlyList<string> Names => [.. providers.Select(p => p.Name)];

    /// <summary>Those who are preferred, then the others as configured, with why one is skipped. Whoever fails before it gave any output
    /// (<see cref="ProviderException"/>) is followed by the next.</summary>
    /// <param name="preference">Names, the most wanted first; unknown ones are passed over.</param>
    /// <param name="session">The conversation that is charged.</param>
    /// <param name="cancellationToken">Ends the look at the ledger.</param>
    public async Task<IReadOnlyList<Candidate>> InOrderAsync(IReadOnlyList<string> preference, string session, CancellationToken cancellationToken)
    {
        SpendState? state = null;
        string? trouble = null;
        try
        {
            state = await spend.NowAsync(cancellationToken);
        }
        catch (SqliteException e)
        {
            trouble = e.Message;
        }

        var wanted = preference.Select(n => providers.FirstOrDefault(p => p.Name.Equals(n, StringComparison.OrdinalIgnoreCase))).OfType<Provider>();
        return [.. wanted.Concat(providers).Distinct().Select(p => Candidate(p, session, state, trouble))];
    }

    public void Dispose()
    {
        foreach (var provider in providers.OfType<IDisposable>()) provider.Dispose();
    }

    private Candidate Candidate(Provider provider, string session, SpendState? state, string? trouble)
    {
        var card = provider.Models is [var first, ..] ? first : null;
        var skipped = provider.Unready ?? health.WhyNot(provider.Name) ?? (card is null ? $"{provider.Name} has no model." : card.Price.IsFree ? null
            : state is null ? $"{provider.Name} was not asked: what is spent cannot be read ({trouble})."
            : state.Left == 0 ? Spend.Refusal(provider.Name, state).Message : null);
        return skipped is null && card is not null ? new(provider.Name, card, Open(provider, card, session), null) : new(provider.Name, card, null, skipped);
    }

    private TelemetryClient Open(Provider provider, ModelCard card, string session)
    {
        IChatClient client = new RetryingClient(provider.Open(card), options.Value, time);
        client = new HealthClient(client, provider.Name, health);
        client = new SpendingClient(client, new(session, provider.Name, card.Id), card, spend, _log);
        client = new LoggingClient(client, provider.Name, card.Id, time, _log);
        return new(client, provider, card, meters, time);
    }
}
