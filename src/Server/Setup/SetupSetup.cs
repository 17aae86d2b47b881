using Jarvis.Server.Persistence;

namespace Jarvis.Server.Setup;

public static class SetupSetup
{
    public static WebApplicationBuilder AddSetup(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptions<SetupOptions>().BindConfiguration("Setup");
        builder.AddSchema("setup", SetupStore.Tables);
        services.AddSingleton<SetupStore>().AddSingleton<FirstStart>();
        services.AddSingleton<SetupLink>().AddHostedService(s => s.GetRequiredService<SetupLink>());
        foreach (var step in typeof(SetupStep).Assembly.GetExportedTypes().Where(t => !t.IsAbstract && t.IsAssignableTo(typeof(SetupStep))))
            services.AddSingleton(typeof(SetupStep), step);
        services.ConfigureHttpJsonOptions(o => o.SerializerOptions.TypeInfoResolverChain.Insert(0, SetupJson.Default));
        return builder;
    }

    public static void MapSetup(this WebApplication app) => app.MapSetupApi();
}
