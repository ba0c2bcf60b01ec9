// The command line: words, then options of the form --name value.
#pragma once

#include "models/base/error.h"

#include <QStringList>

#include <map>

namespace holdfast::admin {

class Arguments
{
public:
    // invalidInput: an option without a value, or one that the command does not know.
    [[nodiscard]] static Result<Arguments> parse(const QStringList& arguments, const QStringList& knownOptions);

    [[nodiscard]] const QStringList& words() const { return words_; }
    [[nodiscard]] QString option(const QString& name, const QString& otherwise = {}) const;
    [[nodiscard]] bool has(const QString& name) const { return options_.contains(name); }
    [[nodiscard]] Result<QString> required(const QString& name) const; // words say which is missing
    [[nodiscard]] Result<qint64> number(const QString& name, qint64 otherwise, qint64 low, qint64 high) const;

private:
    QStringList words_;
    std::map<QString, QString> options_;
};

// A secret: from the file that --NAME-file names ("-": standard input), else asked for on the terminal without echo.
// Never from the command line itself, where `ps` shows it.
[[nodiscard]] Result<QString> readSecret(const Arguments& arguments, const QString& name, const QString& prompt);

// A secret that is set, not asked for: typed twice at a terminal, because nobody sees what is typed.
[[nodiscard]] Result<QString> readNewSecret(const Arguments& arguments, const QString& name, const QString& prompt);

} // namespace holdfast::admin
