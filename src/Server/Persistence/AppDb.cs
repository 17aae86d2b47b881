using System.Reflection;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;

namespace Jarvis.Server.Persistence;

/// <summary>The features' tables in <c>jarvis.db</c>. Each feature brings an <see cref="IEntityTypeConfiguration{T}"/>
/// for what it stores and a <see cref="Schema"/> for its tables; use <c>db.Set&lt;T&gt;()</c>.</summary>
public sealed class AppDb(DbContextOptions<AppDb> options, ModelAssemblies assemblies) : DbContext(options)
{
    internal ModelAssemblies Assemblies => assemblies;

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        foreach (var assembly in assemblies.All) modelBuilder.ApplyConfigurationsFromAssembly(assembly);
    }
}

/// <summary>Where entity configurations are looked for.</summary>
public sealed record ModelAssemblies(params IReadOnlyList<Assembly> All);

internal sealed class ModelKey : IModelCacheKeyFactory
{
    public object Create(DbContext context, bool designTime) =>
        (context.GetType(), designTime, string.Join('|', ((AppDb)context).Assemblies.All.Select(a => a.FullName)));
}
