using Jarvis.Server.Persistence;
using Microsoft.Extensions.Options;

namespace Jarvis.Server.Agent.Providers;

/// <summary>The providers as configured.</summary>
internal sealed class ConfiguredProviders
{
    public List<OpenAiCompatibleOptions> OpenAiCompatible { get; } = [];
}

internal static class ProvidersSetup
{
    public static IHostApplicationBuilder AddProviders(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptions<AgentOptions>().BindConfiguration(AgentOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<ClaudeOptions>().BindConfiguration(ClaudeOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<ConfiguredPrices>().BindConfiguration(AgentOptions.Section);
        services.AddOptions<ConfiguredProviders>().BindConfiguration(AgentOptions.Section)
            .Validate(o => o.OpenAiCompatible.Select(p => p.Name).Append("Claude").Distinct(StringComparer.OrdinalIgnoreCase).Count() == o.OpenAiCompatible.Count + 1,
                "Agent:OpenAiCompatible: each needs a Name of its own, other than Claude.")
            .ValidateOnStart();
        builder.AddSchema("spend", Spend.Tables);
        services.ConfigureHttpJsonOptions(o => o.SerializerOptions.TypeInfoResolverChain.Insert(0, SpendJson.Default));
        services.AddSingleton<Spend>().AddSingleton<PriceTable>().AddSingleton<ProviderHealth>().AddSingleton<ProviderMeters>();
        services.AddSingleton(s => new ProviderChain(
            Configured(s), s.GetRequiredService<Spend>(), s.GetRequiredService<ProviderHealth>(), s.GetRequiredService<ProviderMeters>(),
            s.GetRequiredService<IOptions<AgentOptions>>(), s.GetRequiredService<TimeProvider>(), s.GetRequiredService<ILoggerFactory>()));
        return builder;
    }

    private static IReadOnlyList<Provider> Configured(IServiceProvider services)
    {
        var (limits, prices, time) = (services.GetRequiredService<IOptions<AgentOptions>>().Value, services.GetRequiredService<PriceTable>(), services.GetRequiredService<TimeProvider>());
        // As they were checked at the start: a key file may be gone by now, which is told when it is needed.
        var claude = services.GetRequiredService<IOptionsMonitor<ClaudeOptions>>().CurrentValue;
        return
        [
            new Claude(claude, Key(claude.KeyFile, claude.KeyVariable), prices, limits, time),
            .. services.GetRequiredService<IOptions<ConfiguredProviders>>().Value.OpenAiCompatible
                .Select(one => new OpenAiCompatible(one, Key(one.KeyFile, one.KeyVariable), prices, limits, time)),
        ];
    }

    private static KeySource Key(string file, string variable) => new(file, variable, Environment.GetEnvironmentVariable);
}
