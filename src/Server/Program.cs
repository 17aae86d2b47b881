using Jarvis.Server;
using Jarvis.Server.Hosting;

return await Product.BuildAsync(args, Console.Error) is { } app ? await app.RunToEndAsync(Console.Error) : HostingSetup.ConfigurationError;
