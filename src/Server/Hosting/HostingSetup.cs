using System.Net.Sockets;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Jarvis.Server.Hosting;

/// <summary>What every feature stands on: configuration, listening, errors, headers, limits, health, telemetry, the web app.</summary>
public static class HostingSetup
{
    internal const int ConfigurationError = 78;
    internal const int Unavailable = 69;

    /// <summary>A builder that reads, each over the one before: <c>appsettings.json</c> beside the program, the environment,
    /// variables beginning <c>Jarvis__</c>, the command line (<c>--port</c>, <c>--data</c> and <c>--web</c> for short).</summary>
    public static WebApplicationBuilder CreateBuilder(string[] args)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
        builder.Configuration.AddEnvironmentVariables("Jarvis__");
        builder.Configuration.AddCommandLine(args, new Dictionary<string, string>
        {
            ["--port"] = "Server:Port", ["--data"] = "Data:Folder", ["--web"] = "Web:Root",
        });
        return builder;
    }

    /// <summary>Whether the configuration can be used; if not, every mistake is written, one a line.</summary>
    public static bool TryConfigure(this WebApplicationBuilder builder, TextWriter output)
    {
        var check = new SettingsCheck(builder.Configuration, Assembly.GetExecutingAssembly());
        foreach (var unknown in check.Unknown(Environment.GetEnvironmentVariables().Keys.Cast<string>())) output.WriteLine($"warning: {unknown}");
        var errors = check.Errors();
        if (errors.Count == 0) return true;
        output.WriteLine("The configuration cannot be used:");
        foreach (var error in errors) output.WriteLine($"  {error}");
        return false;
    }

    public static WebApplicationBuilder AddHosting(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.TryAddSingleton(TimeProvider.System);
        services.AddOptions<ServerOptions>().BindConfiguration("Server");
        services.AddOptions<TlsOptions>().BindConfiguration("Tls");
        services.AddOptions<WebOptions>().BindConfiguration("Web");
        services.ConfigureHttpJsonOptions(o =>
        {
            o.SerializerOptions.NumberHandling = JsonNumberHandling.Strict;
            o.SerializerOptions.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false));
            o.SerializerOptions.TypeInfoResolverChain.Insert(0, HealthJson.Default);
        });
        services.AddValidation();
        services.AddHealthChecks();
        services.AddSingleton<WebApp>();
        return builder.AddListening().AddProblems().AddRateLimits().AddTelemetry().AddApiDescription();
    }

    /// <summary>The pipeline before any endpoint. Call it before the features map theirs.</summary>
    public static WebApplication UseHosting(this WebApplication app)
    {
        app.UseSecurityHeaders();
        app.UseProblems();
        app.UseKnownProxies();
        app.UseHostAndOriginCheck();
        app.UseRouting();
        WebApp.Use(app);
        app.UseAuthentication();
        app.UseRateLimiter();
        app.UseAuthorization();
        return app;
    }

    public static WebApplication MapHosting(this WebApplication app)
    {
        Health.Map(app);
        Telemetry.Map(app);
        OpenApi.Map(app);
        return app;
    }

    /// <summary>Runs to the end; what an operator can mend is told in a line, without a stack.</summary>
    public static async Task<int> RunToEndAsync(this WebApplication app, TextWriter output)
    {
        try
        {
            await app.RunAsync();
            return 0;
        }
        catch (OptionsValidationException e)
        {
            foreach (var failure in e.Failures) await output.WriteLineAsync($"The configuration cannot be used: {failure}");
            return ConfigurationError;
        }
        catch (IOException e) when (e.InnerException is Microsoft.AspNetCore.Connections.AddressInUseException)
        {
            await output.WriteLineAsync($"{e.Message} Choose another with Server:Port (--Server:Port N).");
            return Unavailable;
        }
        catch (SocketException e)
        {
            await output.WriteLineAsync($"Server:Address and Server:Port cannot be listened on: {e.Message}. Set an address of this machine, and a port above 1023.");
            return Unavailable;
        }
    }
}
