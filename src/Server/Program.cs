using Jarvis.Server;
using Jarvis.Server.Hosting;

return Product.Build(args, Console.Error) is { } app ? await app.RunToEndAsync(Console.Error) : HostingSetup.ConfigurationError;
