using System.Diagnostics;
using System.Text.Json;
using Jarvis.Server.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Jarvis.Bench.Persistence;

/// <summary>Measures what <c>jarvis.db</c> costs before the server is ready, and what EF Core's model costs after.</summary>
public static class AppDbBench
{
    /// <summary>One line of JSON; run it in a fresh process, for everything is cold only once.</summary>
    public static async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("jarvis-appdb-").FullName;
        try
        {
            var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
            builder.Services.AddLogging();
            builder.Configuration["Data:Folder"] = folder;
            builder.AddPersistence();
            builder.AddSchema("bench", "CREATE TABLE rows (id INTEGER PRIMARY KEY, name TEXT NOT NULL)");
            using var host = builder.Build();

            var file = host.Services.GetRequiredService<AppDbFile>();
            var start = Stopwatch.GetTimestamp();
            await file.StartingAsync(cancellationToken);
            var open = Stopwatch.GetElapsedTime(start).TotalMilliseconds;

            start = Stopwatch.GetTimestamp();
            await using var db = host.Services.GetRequiredService<IDbContextFactory<AppDb>>().CreateDbContext();
            _ = db.Model;
            var model = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            start = Stopwatch.GetTimestamp();
            _ = await db.Database.SqlQueryRaw<int>("SELECT 1 AS Value").SingleAsync(cancellationToken);
            Console.WriteLine(JsonSerializer.Serialize(new
            {
                openAndMigrateMilliseconds = Math.Round(open), modelMilliseconds = Math.Round(model),
                firstQueryMilliseconds = Math.Round(Stopwatch.GetElapsedTime(start).TotalMilliseconds), trouble = file.Trouble,
            }));
            return file.Trouble is null ? 0 : 1;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
