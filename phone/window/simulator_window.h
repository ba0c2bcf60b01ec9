// The customer simulator: a window with a phone in it, for demonstration and training.
#pragma once

#include "phone/window/customer_chooser.h"
#include "phone/window/phone_screen.h"
#include "phone/window/samples.h"

#include <QTimer>

class QGridLayout;

namespace holdfast::phone {

// GUI thread only.
class SimulatorWindow : public QWidget
{
    Q_OBJECT
public:
    SimulatorWindow(const ui::Theme& theme, Handset& handset, QWidget* parent = nullptr);

    [[nodiscard]] PhoneScreen& phoneScreen() const { return *screen_; }
    [[nodiscard]] ui::SegmentedControl& reachControl() const { return *reach_; }

protected:
    void paintEvent(QPaintEvent* event) override;
    void changeEvent(QEvent* event) override;
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;

private:
    [[nodiscard]] QWidget* makeStrip();
    [[nodiscard]] QWidget* makeControls();
    void addRow(QGridLayout& grid, const QString& label, const QList<QWidget*>& parts);
    void wire();
    void sendText(const QString& text);
    void sendFiles(std::vector<PickedFile> files);
    void chooseFile();
    void tellTime();
    void setReach(int segment);
    void refresh();
    void lookAtSight(); // whether a person can see the chat now

    const ui::Theme& theme_;
    Handset& handset_;
    Samples samples_;
    QWidget* strip_;
    CustomerChooser* chooser_;
    PhoneScreen* screen_;
    ui::PushButton* photos_ = nullptr;
    ui::PushButton* pdf_ = nullptr;
    ui::SegmentedControl* reach_ = nullptr;
    ui::PushButton* hour_ = nullptr;
    ui::PushButton* day_ = nullptr;
    ui::TextLabel* clock_ = nullptr;
    QTimer tick_;
};

} // namespace holdfast::phone
