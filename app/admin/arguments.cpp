#include "app/admin/arguments.h"

#include <QFile>

#include <termios.h>
#include <unistd.h>

#include <cstdio>
#include <cstring>

namespace holdfast::admin {
namespace {

constexpr qint64 maxSecretBytes = 4096;

// Turns the terminal's echo off for as long as it lives.
class QuietTerminal
{
public:
    QuietTerminal()
    {
        if (tcgetattr(STDIN_FILENO, &before_) != 0)
            return;
        termios quiet = before_;
        quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO);
        changed_ = tcsetattr(STDIN_FILENO, TCSANOW, &quiet) == 0;
    }
    ~QuietTerminal()
    {
        if (changed_)
            tcsetattr(STDIN_FILENO, TCSANOW, &before_);
    }
    QuietTerminal(const QuietTerminal&) = delete;
    QuietTerminal& operator=(const QuietTerminal&) = delete;

private:
    termios before_{};
    bool changed_ = false;
};

} // namespace

Result<Arguments> Arguments::parse(const QStringList& arguments, const QStringList& knownOptions)
{
    Arguments out;
    for (qsizetype i = 0; i < arguments.size(); ++i) {
        const QString& word = arguments.at(i);
        if (!word.startsWith(QStringLiteral("--"))) {
            out.words_.append(word);
            continue;
        }
        const QString name = word.mid(2);
        if (!knownOptions.contains(name))
            return fail(ErrorCode::invalidInput, QStringLiteral("There is no option --%1 here. See --help.").arg(name));
        if (i + 1 >= arguments.size())
            return fail(ErrorCode::invalidInput, QStringLiteral("--%1 needs a value.").arg(name));
        out.options_[name] = arguments.at(++i);
    }
    return out;
}

QString Arguments::option(const QString& name, const QString& otherwise) const
{
    const auto found = options_.find(name);
    return found == options_.end() ? otherwise : found->second;
}

Result<QString> Arguments::required(const QString& name) const
{
    const auto found = options_.find(name);
    if (found == options_.end() || found->second.isEmpty())
        return fail(ErrorCode::invalidInput, QStringLiteral("--%1 is needed.").arg(name));
    return found->second;
}

Result<qint64> Arguments::number(const QString& name, qint64 otherwise, qint64 low, qint64 high) const
{
    if (!has(name))
        return otherwise;
    bool good = false;
    const qint64 value = option(name).toLongLong(&good);
    if (!good || value < low || value > high)
        return fail(ErrorCode::invalidInput,
                    QStringLiteral("--%1 must be a number from %2 to %3.").arg(name).arg(low).arg(high));
    return value;
}

Result<QString> readSecret(const Arguments& arguments, const QString& name, const QString& prompt)
{
    const QString file = arguments.option(name + QStringLiteral("-file"));
    if (file.isEmpty() || file == QStringLiteral("-")) {
        const bool terminal = isatty(STDIN_FILENO) == 1;
        if (file.isEmpty() && !terminal)
            return fail(ErrorCode::invalidInput,
                        QStringLiteral("--%1-file is needed: there is no terminal to ask at.").arg(name));
        if (terminal)
            std::fprintf(stderr, "%s: ", qUtf8Printable(prompt));
        const QuietTerminal quiet;
        // By stdio, whose buffer the next secret shares: one line each.
        QByteArray line(maxSecretBytes, '\0');
        if (!std::fgets(line.data(), int(line.size()), stdin))
            return fail(ErrorCode::io, QStringLiteral("Standard input ended before the secret came."));
        line.truncate(qsizetype(std::strlen(line.constData())));
        if (terminal)
            std::fprintf(stderr, "\n");
        return QString::fromUtf8(line).remove(u'\n');
    }
    QFile handle(file);
    if (!handle.open(QIODevice::ReadOnly))
        return fail(ErrorCode::notFound, QStringLiteral("The file of --%1-file cannot be read.").arg(name));
    return QString::fromUtf8(handle.read(maxSecretBytes)).trimmed();
}

Result<QString> readNewSecret(const Arguments& arguments, const QString& name, const QString& prompt)
{
    auto secret = readSecret(arguments, name, prompt);
    const bool typed = arguments.option(name + QStringLiteral("-file")).isEmpty() && isatty(STDIN_FILENO) == 1;
    if (!secret || !typed)
        return secret;
    const auto again = readSecret(arguments, name, QStringLiteral("The same again"));
    if (!again)
        return again;
    if (*again != *secret)
        return fail(ErrorCode::invalidInput,
                    QStringLiteral("The two are not the same. Nothing was changed; try again."));
    return secret;
}

} // namespace holdfast::admin
