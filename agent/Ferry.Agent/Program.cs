return await Ferry.Agent.AgentCommandLine.RunAsync(args);
