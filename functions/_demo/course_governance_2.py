""" "AI Governance in Practice", second part: controls."""

from __future__ import annotations

from typing import Final

from functions._demo.shapes import Chapter, LessonItem, Question

CONTROLS: Final[Chapter] = Chapter(
    title="Controls in Practice",
    description="Assessment, data, human oversight and suppliers.",
    lessons=(
        LessonItem(
            title="Running an Impact Assessment",
            description="A short workshop that finds harms before users do.",
            minutes=11,
            content="""
                    An impact assessment is a conversation with a record. Ninety minutes with the
                    right people beat a forty-page form filled in alone. Where Article 34 of Law 27
                    of 2022 requires an assessment of high-risk processing, this conversation is a
                    good part of the work; counsel checks what else its record must contain.

                    ## Who is in the room

                    The owner, a builder, someone from customer service, the data protection
                    officer, and at least one person who resembles those affected. The last chair is
                    the one most often left empty.

                    ## The agenda

                    1. Walk through one real case from input to consequence.
                    2. Ask who could be harmed when it works as designed. Then ask again for when it
                       fails.
                    3. For each harm, note severity, likelihood and how we would notice.
                    4. Choose a control, an owner and a date.
                    5. State what remains, and who accepts it by name.

                    ## Harms people forget

                    Exclusion of those without a smartphone. Extra work for staff who correct the
                    output. Loss of skill. Chilling effects, when people behave differently because
                    they are measured.

                    Do not average harms away. A small inconvenience for many and a grave injury for
                    a few are different findings and need different answers. End by deciding what
                    evidence would reopen the assessment.

                    ## What a finding looks like

                    "Bias" is not a finding; nobody can act on it. A finding names people, a
                    mechanism and a signal: *sellers who write in Javanese are sorted into "other"
                    more often, so they wait a day longer; we would see it in waiting time by
                    language.* The control follows almost by itself: add examples, send uncertain
                    cases to a person, and watch that one number.

                    | Finding | Control | Owner, date | What remains |
                    |---|---|---|---|
                    | Javanese: one day slower | examples, human queue | Dian, 4 April | dialects |
                    | No smartphone: excluded | counter stays open | Yusuf, now | opening hours |
                    | Staff fix labels unpaid | time in the rota | Lina, 1 May | peak weeks |

                    The last column is signed by the owner. It is short, and it is the part that
                    everybody will want to read if something goes wrong. Write findings so that
                    somebody who was absent can tell whether they came true.

                    ## Two ways to fail

                    The first is the assessment after the fact: the contract is signed, and the
                    group is asked to agree. Ask at the beginning which answers are still possible.
                    If "no" is not among them, call the meeting a briefing. The second is the
                    assessment without a reader. Send the page to the person who will run the system
                    and ask which control is unrealistic. There is usually one.
                """,
            questions=(
                Question(
                    "medium",
                    "Which question about harm should be asked first?",
                    (
                        "What would happen if the system failed?",
                        "Who could be harmed when it works as designed?",
                        "How would we explain an incident to the public?",
                    ),
                    right=1,
                    because=(
                        "Failure comes to mind by itself. Harm by design, such as excluding "
                        "people without a smartphone, is missed unless it is asked for."
                    ),
                ),
                Question(
                    "hard",
                    (
                        "A system saves ten minutes for 5,000 customers and wrongly blocks 12 "
                        "accounts. Why not report the average effect?"
                    ),
                    (
                        "Averages are not allowed in an impact assessment",
                        "The average is too small to be measured",
                        "The grave harm to twelve people vanishes in it",
                    ),
                    right=2,
                    because=(
                        "A small benefit for many and a serious harm to a few are two findings. "
                        "They need two answers."
                    ),
                ),
                Question(
                    "medium",
                    "Which of these is a finding that somebody can act on?",
                    (
                        (
                            '"Messages in Javanese wait a day longer; visible in waiting time by '
                            'language."'
                        ),
                        (
                            '"The model may be biased against some groups of sellers, above all '
                            'in rural areas."'
                        ),
                        '"Fairness should be considered throughout the life cycle."',
                    ),
                    right=0,
                    because=(
                        "It names people, a mechanism and a signal. The other two could be "
                        "written about any system."
                    ),
                ),
            ),
        ),
        LessonItem(
            title="Data: Purpose, Minimum, Retention",
            description="The three questions that prevent most data incidents.",
            minutes=10,
            content="""
                    Most AI incidents in ordinary organisations are data incidents: too much was
                    collected, it was used for something else, or it stayed too long.

                    ## Purpose

                    State it in a sentence a customer would recognise. "Improving our services" is
                    not a purpose. "Sorting complaints so that urgent ones are answered within a
                    day" is. Using the same messages to train a sales model is a different purpose
                    and needs its own basis.

                    ## Minimum

                    For each field, ask what would go wrong without it. Names are rarely needed for
                    sorting. Free text is the hard case: people write anything, including health
                    details. Mask before sending, and test the masking with names from all over the
                    archipelago, not only those in the library's examples.

                    A masking test needs no tool, only a table and an hour:

                    | Text | Masked? |
                    |---|---|
                    | "Saya Budi Santoso, 0812-..." | name and number |
                    | "Ini Ni Luh, istri Pak Wayan" | nothing |
                    | "Nama saya Hujan" | nothing |
                    | "KTP 3578..., anak saya asma" | number only |

                    The second row fails because the library knows few Balinese names. The third
                    fails because the name is also a word: *hujan* means rain. The fourth keeps the
                    most sensitive part: health is among the specific categories of personal data in
                    Law 27 of 2022, and no pattern for digits will find it. No mask is perfect. Know
                    what passes through yours, and decide whether such text may be sent at all.

                    ## Retention

                    Prompts, outputs and logs are data too. Decide how long each is kept, where, and
                    who can read them. Include the supplier's copies. Deletion that nobody has
                    tested is a hope; delete one test record and try to find it again.

                    Keep a one-page map from source to supplier to log. When somebody asks for
                    access or deletion, this page is the difference between an hour and a month.

                    ## A worked example

                    A clinic wants to sort appointment requests. The form has nine fields. Asked
                    what would go wrong without each, the team keeps three: the text, the preferred
                    day, and whether the request is urgent. The national identity number had been
                    there since the paper form. Removing it cost an afternoon, and took the worst
                    possible leak off the table. Logs are kept for thirty days, long enough to
                    investigate a complaint, and the supplier's copy is covered by the same promise
                    in the contract.
                """,
            questions=(
                Question(
                    "easy",
                    "Which statement of purpose could limit what is done with the data?",
                    (
                        '"Improving our services and customer experience"',
                        '"Supporting digital transformation"',
                        '"Answering urgent complaints within a day"',
                    ),
                    right=2,
                    because=(
                        "A customer would recognise it, and one can tell whether a use falls "
                        "outside it. The other two permit almost anything."
                    ),
                ),
                Question(
                    "medium",
                    (
                        "A mask removes all long numbers. Which message still carries sensitive "
                        "personal data?"
                    ),
                    (
                        '"My daughter has asthma; please deliver to the clinic."',
                        '"Order 88213 arrived broken on Monday."',
                        '"Please call me at the number in my account."',
                    ),
                    right=0,
                    because=(
                        "Health details have no pattern that a digit filter would find. Masking "
                        "must be tested on meaning as well as on format."
                    ),
                ),
                Question(
                    "medium",
                    (
                        "A team deletes customer records after a year. What is most likely to "
                        "have been forgotten?"
                    ),
                    (
                        "The privacy notice on the website",
                        "Prompts, outputs and logs, including the supplier's copies",
                        "The table with the names of the team",
                    ),
                    right=1,
                    because=(
                        "They contain the same personal data. Delete one test record and try to "
                        "find it in all of those places."
                    ),
                ),
            ),
        ),
        LessonItem(
            title="Human Oversight That Works",
            description="A human in the loop is a design task, not a checkbox.",
            minutes=10,
            content="""
                    "A human reviews every decision" sounds reassuring. Then you do the sum: two
                    reviewers, six hours each, 3,900 cases a day. That is eleven seconds per case,
                    and the case is two pages long.

                    ## Conditions

                    Oversight works when reviewers have time, information beyond the score,
                    authority to disagree, no penalty for doing so, and regular contact with
                    outcomes. Remove one and the review becomes a signature.

                    ## Design against automation bias

                    - Show the case before the recommendation.
                    - Ask for a reason in the reviewer's own words for a sample.
                    - Insert known cases and see whether errors are caught.
                    - Track disagreement. A rate near zero is a warning, and so is a reviewer who
                      disagrees with everything.

                    Inserting known cases takes some preparation, and it is worth it. Hide twenty
                    cases with a planted error among a week's work, and tell reviewers beforehand
                    that such cases exist.

                    | Planted error | Inserted | Caught |
                    |---|---|---|
                    | Wrong name on the letter | 5 | 5 |
                    | Amount differs from the file | 5 | 4 |
                    | Reason contradicts the file | 10 | 2 |

                    Seen as one number, eleven of twenty is mediocre. Seen by kind, it is precise:
                    reviewers compare names and amounts, and do not open the file to check reasons.
                    They lack neither care nor training. The file opens in another program and takes
                    forty seconds. Show it beside the letter and repeat the test.

                    ## When not to review

                    For low-stakes, reversible outputs, sampling is better than pretending to check
                    everything. Use the saved time for appeals, where people bring the information
                    that the system lacked.

                    Tell affected people that an appeal exists, in the message itself, in plain
                    language. An appeal route hidden in the terms of service measures nothing but
                    patience.

                    ## A worked example

                    A scholarship office lets a system rank applications. Reviewers see the score
                    first and agree in nearly every case. The office reverses the order: read the
                    letter, write one sentence, then see the score. Disagreement rises, reading time
                    rises by two minutes, and several strong applications from small schools move
                    up. The office decides that two minutes are the price of calling it a human
                    decision, and reduces the number of cases that need one by rejecting nobody
                    automatically and sampling the clear acceptances.
                """,
            questions=(
                Question(
                    "medium",
                    (
                        "Reviewers agree with the system in 99.8 percent of cases. What is the "
                        "sound next step?"
                    ),
                    (
                        "Conclude that the system no longer needs review",
                        "Replace the reviewers by more critical ones",
                        "Insert known errors and see how many are caught",
                    ),
                    right=2,
                    because=(
                        "A rate near zero fits a perfect system and a rubber stamp equally well. "
                        "Only a test can tell them apart."
                    ),
                ),
                Question(
                    "hard",
                    (
                        "Planted errors show that reviewers never check the stated reason. Which "
                        "change addresses the cause?"
                    ),
                    (
                        "Showing the file next to the letter",
                        "Reminding reviewers of their responsibility",
                        "Adding a second reviewer with the same screen",
                    ),
                    right=0,
                    because=(
                        "The design makes checking slow. A reminder wears off, and a second "
                        "person at the same screen meets the same obstacle."
                    ),
                ),
                Question(
                    "easy",
                    "Where should people learn that they can appeal?",
                    (
                        "In the terms of service",
                        "In the message that tells them the decision",
                        "On request, by calling the office",
                    ),
                    right=1,
                    because=(
                        "Those who need the route read the decision. A route that must be "
                        "searched for measures patience."
                    ),
                ),
            ),
        ),
        LessonItem(
            title="Buying AI Responsibly",
            description="Questions for suppliers, and the answers that should end the meeting.",
            minutes=10,
            content="""
                    Most organisations buy AI. Responsibility for its use stays with them.

                    ## Questions to ask

                    1. What was it tested on, and how similar is that to our users? Ask for results
                       broken down by group and language.
                    2. Is our data used for training? Where is it stored, and who are the
                       subprocessors?
                    3. How are model changes announced, and can we stay on a version?
                    4. What happens when it fails? Ask for the last incident.
                    5. How do we leave? Formats, timing, deletion.

                    A supplier who has never had an incident has either no customers or no
                    monitoring.

                    ## Try before signing

                    Run a pilot with your own anonymised cases and a threshold agreed beforehand.
                    Decide what result means "no" while you can still say it.

                    A hospital group tries two transcription services on 100 consultations recorded
                    with consent. Before the pilot it writes down: *no more than two wrong doses in
                    100, and no group of speakers with twice the error rate of another.*

                    | | Service A | Service B |
                    |---|---|---|
                    | Words correct | 96 percent | 94 percent |
                    | Wrong doses in 100 | 4 | 1 |
                    | Errors, Makassar accent | 2.3 times | 1.4 times |
                    | Price per hour | lower | higher |

                    On words, the number in both brochures, A wins. On the two conditions that were
                    written down first, A fails both. Without them, the discussion would have
                    started with the price.

                    ## In the contract

                    Notice of changes, audit information, breach notification times that let you
                    meet your own legal deadline, and an exit. Put the evaluation you ran in an
                    annex; it becomes the test for the next version. Price comes last, because the
                    cheapest system is expensive when nobody can leave it.

                    ## When the answer is "we cannot tell you"

                    Some refusals are legitimate: a supplier need not publish its training recipe.
                    Others end the meeting. If it cannot say where your data goes, who may read it,
                    or how you learn of a change, you cannot keep your own promises to customers.
                    Ask once more in writing, with a date. A supplier that wants your business finds
                    the person who knows. Record the refusal when you decide to go on anyway; the
                    person who accepts that risk should be named, and should have read it.
                """,
            questions=(
                Question(
                    "medium",
                    "A supplier says that it has never had an incident. What is the best reply?",
                    (
                        '"How would you have noticed one?"',
                        '"Please confirm that in the contract."',
                        '"Then we can shorten the pilot."',
                    ),
                    right=0,
                    because=(
                        "Without monitoring no incident is ever seen. A signature under the claim "
                        "does not create the monitoring."
                    ),
                ),
                Question(
                    "easy",
                    "When should the threshold for a pilot be agreed?",
                    (
                        "When the first results show what is realistic",
                        "In the contract, after a choice has been made",
                        "Before the pilot begins",
                    ),
                    right=2,
                    because=(
                        'A threshold that is set after the results tends to fit them, and "no" is '
                        "no longer a possible answer."
                    ),
                ),
                Question(
                    "hard",
                    (
                        "Service A has more words correct; service B has fewer wrong doses. Which "
                        "should count more, and why?"
                    ),
                    (
                        "Words, because the measure covers the whole text",
                        "Doses, because those errors can injure a patient",
                        "Neither, because 100 consultations are too few to learn from",
                    ),
                    right=1,
                    because=(
                        "Errors differ in consequence. A hundred cases prove little, but they are "
                        "enough to reject a service that fails a condition set beforehand."
                    ),
                ),
            ),
        ),
    ),
)
