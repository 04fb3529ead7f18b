using StreamInsight.Definitions;

namespace StreamInsight.Server.Commands;

/// <summary>Reads the model a command was given.</summary>
public static class ModelFile
{
    /// <summary>The compiled model; faults and unreadable files end the command with one line each. Warnings go to stderr.</summary>
    public static CompiledModel Load(FileInfo file)
    {
        var result = ModelCheck.All(Read(file));
        if (result.Model is null)
            throw new WrongInputException([.. result.Faults.Where(fault => !fault.IsWarning).Select(fault => $"{file}:{fault}")]);
        foreach (var warning in result.Faults)
            Console.Error.WriteLine($"{file}:{warning}");
        return result.Model;
    }

    /// <summary>The bytes of a model, at most one more than a model may have.</summary>
    internal static byte[] Read(FileInfo file)
    {
        if (Directory.Exists(file.FullName))
            throw new WrongInputException($"{file}: is a directory; name the model's YAML file");
        if (!file.Exists)
            throw new WrongInputException($"{file}: there is no such file");
        using var stream = file.OpenRead();
        var bytes = new byte[ModelReader.MaxBytes + 1];
        return bytes[..stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false)];
    }
}
