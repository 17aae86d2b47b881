using Jarvis.Safety;
using Jarvis.Server.Cluster.History;
using Jarvis.Server.Events;
using Jarvis.Server.Hosting;
using Jarvis.Server.Persistence;

namespace Jarvis.Server.Cli;

/// <summary>The settings of the server, for a verb that does not run it.</summary>
internal static class Settings
{
    public static IConfiguration Of(Given given) => HostingSetup.CreateBuilder(given.Settings).Configuration;

    public static DataFolder Data(IConfiguration configuration) => new(configuration["Data:Folder"] ?? "data");

    /// <summary>The tables of every feature, as this program knows them.</summary>
    public static IReadOnlyList<Schema> Schemas(Given given)
    {
        var builder = HostingSetup.CreateBuilder(given.Settings);
        builder.AddFeatures();
        return [.. builder.Services.Select(s => s.ImplementationInstance).OfType<Schema>(), EventSchema.Schema, HistoryStore.Schema,
            // The kernel makes its tables itself; here only how many versions of them there are counts.
            new Schema("safety", [.. Enumerable.Repeat("", SafetyKernel.StoreVersion)])];
    }
}
