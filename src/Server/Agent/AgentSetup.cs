using Jarvis.Server.Persistence;

namespace Jarvis.Server.Agent;

/// <summary>The assistant.</summary>
internal static class AgentSetup
{
    public static IHostApplicationBuilder AddAgent(this IHostApplicationBuilder builder)
    {
        builder.AddSchema("agent", Conversations.Tables, Conversations.Details);
        builder.Services.AddSingleton<Conversations>().AddSingleton<AgentLoop>().AddSingleton<Chats>().AddSingleton<ChatDesk>().AddSingleton<Speakers>().AddSingleton<SystemPrompt>().AddSingleton<ToolDeclarations>().AddSingleton<SmallProfile>();
        builder.Services.AddSingleton<ChatRuns>().AddHostedService(s => s.GetRequiredService<ChatRuns>()).AddHostedService<ChatOutcomes>();
        builder.Services.ConfigureHttpJsonOptions(o => o.SerializerOptions.TypeInfoResolverChain.Insert(0, AgentJson.Default));
        return builder;
    }

    public static void MapAgent(this WebApplication app) => app.MapChatApi();
}
