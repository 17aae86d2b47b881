using Microsoft.Extensions.Options;

namespace Jarvis.Server.Agent.Providers;

/// <summary>The rows of <c>Agent:Prices</c>.</summary>
internal sealed class ConfiguredPrices
{
    public List<PriceOptions> Prices { get; } = [];
}

/// <summary>What models cost today.</summary>
internal sealed class PriceTable(IOptions<ConfiguredPrices> rows, TimeProvider time)
{
    /// <summary>The price that is configured for a model and has begun; null when there is none.</summary>
    public Price? Of(string model)
    {
        var today = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);
        var row = rows.Value.Prices.Where(p => p.Model == model && (p.From ?? DateOnly.MinValue) <= today).MaxBy(p => p.From ?? DateOnly.MinValue);
        return row is null ? null : new(row.InputPerMillion, row.OutputPerMillion, row.CacheReadPerMillion ?? row.InputPerMillion, row.CacheWritePerMillion ?? row.InputPerMillion);
    }
}
