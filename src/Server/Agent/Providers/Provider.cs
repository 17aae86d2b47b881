using Microsoft.Extensions.AI;

namespace Jarvis.Server.Agent.Providers;

/// <summary>A company or box that serves models. One file each; the router picks by what the models can do.</summary>
internal abstract class Provider
{
    /// <summary>What people call it; unique here.</summary>
    public abstract string Name { get; }

    /// <summary>What OpenTelemetry calls it (<c>gen_ai.provider.name</c>).</summary>
    public abstract string Vendor { get; }

    public abstract IReadOnlyList<ModelCard> Models { get; }

    /// <summary>Why it cannot be asked as it is set up, and what to do about it; null when it can.</summary>
    public abstract string? Unready { get; }

    /// <summary>A client whose turns come whole or not at all; it neither retries nor counts.</summary>
    public abstract IChatClient Open(ModelCard model);
}

/// <summary>What a model can do and what it costs.</summary>
internal sealed record ModelCard(string Id, int ContextTokens, int MaxOutputTokens, Price Price, bool CallsTools);

/// <summary>Tokens of a call. <see cref="Input"/> holds those of the provider's cache too.</summary>
internal sealed record Tokens(long Input, long CacheRead, long CacheWrite, long Output);

/// <summary>US dollars for a million tokens, which is millionths of a dollar for one.</summary>
internal sealed record Price(decimal Input, decimal Output, decimal CacheRead, decimal CacheWrite)
{
    public static Price Free { get; } = new(0, 0, 0, 0);

    public bool IsFree => this == Free;

    /// <summary>Millionths of a dollar, rounded up.</summary>
    public long Of(Tokens tokens) => (long)Math.Ceiling(
        Input * Math.Max(0, tokens.Input - tokens.CacheRead - tokens.CacheWrite) + CacheRead * tokens.CacheRead + CacheWrite * tokens.CacheWrite + Output * tokens.Output);

    /// <summary>The most that so many tokens can cost, whatever becomes of the cache.</summary>
    public long Most(long input, long output) => (long)Math.Ceiling(Math.Max(Input, Math.Max(CacheRead, CacheWrite)) * input + Output * output);
}
