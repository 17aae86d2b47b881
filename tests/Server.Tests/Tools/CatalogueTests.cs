using System.Reflection;
using Jarvis.Safety;
using Microsoft.Extensions.DependencyInjection;

namespace Jarvis.Server.Tests.Tools;

public sealed class CatalogueTests
{
    [Fact]
    public async Task Every_tool_is_driven_from_outside_by_a_test()
    {
        await using var server = await TestServer.StartAsync();
        var driven = typeof(CatalogueTests).Assembly.GetTypes().SelectMany(t => t.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly))
            .Where(m => m.GetCustomAttributes().Any(a => a is FactAttribute))
            .SelectMany(m => m.GetCustomAttributes<DrivesAttribute>()).SelectMany(d => d.Tools).ToHashSet(StringComparer.Ordinal);

        Assert.Equal(server.Services.GetRequiredService<ToolCatalogue>().Tools.Select(t => t.Name), driven.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task The_list_shows_what_each_tool_takes_and_how_dangerous_it_is()
    {
        await using var rig = await ToolRig.StartAsync();
        var tools = (await rig.Cluster.AskAsync("/api/tools")).EnumerateArray().ToDictionary(t => t.GetProperty("name").GetString()!);

        Assert.Equal("red", tools["stop_vm"].GetProperty("tier").GetString());
        Assert.Equal("green", tools["get_cluster_status"].GetProperty("tier").GetString());
        Assert.Equal(["guest"], tools["stop_vm"].GetProperty("schema").GetProperty("required").EnumerateArray().Select(r => r.GetString()));
        Assert.False(tools["stop_vm"].GetProperty("schema").GetProperty("additionalProperties").GetBoolean());
    }
}
