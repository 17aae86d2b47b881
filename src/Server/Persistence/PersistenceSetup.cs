using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Jarvis.Server.Persistence;

public static class PersistenceSetup
{
    /// <summary>The data folder (<c>Data:Folder</c>) and <see cref="AppDb"/> in it.</summary>
    public static IHostApplicationBuilder AddPersistence(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<DataOptions>().BindConfiguration("Data").ValidateDataAnnotations().ValidateOnStart();
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(services => new DataFolder(services.GetRequiredService<IOptions<DataOptions>>().Value.Folder));
        builder.Services.AddSingleton<AppDb>().AddHostedService(services => services.GetRequiredService<AppDb>());
        return builder;
    }

    /// <summary>What to say when another server uses the data folder; null when none does.</summary>
    public static string? OccupiedFolder(this IHostApplicationBuilder builder)
    {
        var data = new DataFolder(builder.Configuration["Data:Folder"] ?? "data");
        return data.IsOccupied() ? $"Data:Folder: another server is using {data.Path}; stop it, or give this one a folder of its own." : null;
    }

    /// <summary>Registers a feature's tables in <c>jarvis.db</c>.</summary>
    /// <param name="builder">The host.</param>
    /// <param name="owner">The feature, lower case.</param>
    /// <param name="steps">SQL, in order; each is run once and never edited after release.</param>
    public static IHostApplicationBuilder AddSchema(this IHostApplicationBuilder builder, string owner, params IReadOnlyList<string> steps)
    {
        builder.Services.AddSingleton(new Schema(owner, steps));
        return builder;
    }
}
