using Jarvis.Server.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Jarvis.Server.Tests.Persistence;

public sealed class AppDbTests : IDisposable
{
    private readonly TestFolder _folder = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_feature_brings_its_own_table()
    {
        using (var host = await Start("CREATE TABLE pets (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE)"))
        {
            await using var db = await Db(host);
            db.Add(new Pet { Name = "Rex" });
            await db.SaveChangesAsync(Stop);
            await host.StopAsync(Stop);
        }

        using var again = await Start("CREATE TABLE pets (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE)");
        await using var reread = await Db(again);
        Assert.Equal("Rex", (await reread.Set<Pet>().SingleAsync(Stop)).Name);
        Assert.Null(again.Services.GetRequiredService<AppDbFile>().Trouble);
        await again.StopAsync(Stop);
    }

    public void Dispose() => _folder.Dispose();

    private static Task<AppDb> Db(IHost host) => host.Services.GetRequiredService<IDbContextFactory<AppDb>>().CreateDbContextAsync(Stop);

    private async Task<IHost> Start(params string[] steps)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddLogging();
        builder.Configuration.AddInMemoryCollection([new("Data:Folder", _folder.Path)]);
        builder.Services.AddSingleton(new ModelAssemblies(typeof(AppDb).Assembly, typeof(AppDbTests).Assembly));
        builder.AddPersistence();
        builder.AddSchema("pets", steps);
        var host = builder.Build();
        await host.StartAsync(Stop);
        return host;
    }
}

internal sealed class Pet
{
    public int Id { get; init; }
    public required string Name { get; init; }
}

internal sealed class PetConfiguration : IEntityTypeConfiguration<Pet>
{
    public void Configure(EntityTypeBuilder<Pet> builder)
    {
        builder.ToTable("pets");
        builder.Property(p => p.Id).HasColumnName("id");
        builder.Property(p => p.Name).HasColumnName("name");
    }
}
