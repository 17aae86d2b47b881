using Jarvis.Server.Cli;

return await Verbs.RunAsync(args, new(() => Console.IsInputRedirected ? Console.In : null, Console.Out, Console.Error), CancellationToken.None);
