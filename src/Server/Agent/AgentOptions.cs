using System.ComponentModel.DataAnnotations;

namespace Jarvis.Server.Agent;

/// <summary>The assistant: what it may spend, and how long it waits for those who serve models.</summary>
public sealed class AgentOptions
{
    internal const string Section = "Agent";

    /// <summary>US dollars that may be spent on models in a day (UTC); 0 leaves only models without a price.</summary>
    [Range(0.0, 10_000.0)]
    public decimal DailyUsd { get; set; } = 2;

    /// <summary>US dollars that may be spent on models in a month (UTC).</summary>
    [Range(0.0, 100_000.0)]
    public decimal MonthlyUsd { get; set; } = 30;

    /// <summary>What is understood exactly without a model is answered at once, without one.</summary>
    public bool FastPath { get; set; } = true;

    /// <summary>Seconds in which a provider must accept a connection, by the system's clock.</summary>
    [Range(1, 120)]
    public int ConnectSeconds { get; set; } = 10;

    /// <summary>Seconds until the first token; a model on a CPU reads a long prompt slowly.</summary>
    [Range(1, 1_800)]
    public int FirstTokenSeconds { get; set; } = 120;

    /// <summary>Seconds between one token and the next.</summary>
    [Range(1, 600)]
    public int BetweenTokensSeconds { get; set; } = 60;

    /// <summary>How often a call is tried that was turned away before it gave any output.</summary>
    [Range(1, 10)]
    public int Attempts { get; set; } = 3;

    /// <summary>Longest wait in seconds before a call is tried again; a provider that asks for more is passed over.</summary>
    [Range(1, 300)]
    public int LongestRetryWaitSeconds { get; set; } = 20;
}

/// <summary>What a model costs from a day on, in US dollars for a million tokens. A row here wins over what is known of the
/// model; of several for one model, the latest that has begun holds.</summary>
public sealed class PriceOptions
{
    internal const string Section = "Agent:Prices:*";

    /// <summary>The model's id, as its provider is asked for it.</summary>
    [Required(ErrorMessage = "{0} must be the id of a model.")]
    public string Model { get; set; } = "";

    /// <summary>The first day (UTC) of this price; empty for always.</summary>
    public DateOnly? From { get; set; }

    /// <summary>What is sent.</summary>
    [Range(0.0, 10_000.0)]
    public decimal InputPerMillion { get; set; }

    /// <summary>What is answered, thinking included.</summary>
    [Range(0.0, 10_000.0)]
    public decimal OutputPerMillion { get; set; }

    /// <summary>What is sent and comes from the provider's cache; as <c>InputPerMillion</c> when empty.</summary>
    [Range(0.0, 10_000.0)]
    public decimal? CacheReadPerMillion { get; set; }

    /// <summary>What is sent and kept in the provider's cache; as <c>InputPerMillion</c> when empty.</summary>
    [Range(0.0, 10_000.0)]
    public decimal? CacheWritePerMillion { get; set; }
}
