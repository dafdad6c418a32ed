"""Six research digests about the machines: how models attend, search, reason, adapt and are judged.

The lines of research are real; the retelling is ours and stays general. No results are quoted as
numbers, because a digest without its tables would make them look more certain than they are.
"""

from __future__ import annotations

from typing import Final

from functions._demo.shapes import Digest

MODELS: Final[tuple[Digest, ...]] = (
    Digest(
        title="Perhatian: Satu Gagasan di Balik Semua Chatbot",
        summary=(
            "Makalah 2017 tentang arsitektur Transformer mengganti pembacaan kata demi kata "
            "dengan mekanisme perhatian. Inilah gagasannya, tanpa rumus."
        ),
        implication=(
            "Model memperhatikan apa yang Anda tulis, bukan apa yang Anda maksud. Letakkan bahan "
            "yang penting di dalam prompt, beri nama yang konsisten, dan hindari kata ganti yang "
            "bisa merujuk ke dua hal."
        ),
        content="""
            Sebelum 2017, mesin penerjemah yang baik membaca kalimat seperti orang membaca pita
            telegraf: kata demi kata, sambil menyimpan ringkasan di satu tempat yang sempit. Kalimat
            panjang membuat ringkasan itu kabur. Kata pertama sudah samar ketika kata terakhir tiba.

            ## Gagasannya

            Para peneliti mengusulkan agar setiap kata boleh melihat semua kata lain secara
            langsung, lalu memutuskan mana yang penting baginya. Mekanisme ini disebut *attention*,
            perhatian. Dalam kalimat "Rina menaruh vas di meja karena **ia** rapuh", kata "ia" perlu
            lebih memperhatikan "vas" daripada "Rina". Bobot perhatian itu tidak ditulis oleh
            manusia, melainkan dipelajari dari contoh.

            Beberapa "kepala" perhatian bekerja berdampingan. Ada yang ternyata mengikuti tata
            bahasa, ada yang menghubungkan nama dengan jabatannya, dan ada pula yang fungsinya sulit
            dijelaskan.

            ## Mengapa berdampak besar

            Karena semua kata diolah serentak, pelatihan dapat dibagi ke banyak prosesor. Model yang
            sama bisa diperbesar dan diberi lebih banyak teks. Hampir semua model bahasa yang Anda
            kenal sekarang adalah keturunan rancangan ini.

            ## Harganya

            Setiap kata melihat setiap kata lain. Bila panjang teks berlipat dua, pekerjaan
            perhatian menjadi kira-kira empat kali. Itulah sebabnya teks panjang mahal, dan banyak
            penelitian sesudahnya mencari jalan yang lebih hemat.

            ## Yang sering disalahpahami

            "Perhatian" di sini bukan kesadaran. Ia hanya angka yang menentukan berapa banyak isi
            satu kata ikut mewarnai kata lain. Peta perhatian juga bukan penjelasan yang andal
            tentang mengapa model menjawab begitu; para peneliti masih memperdebatkan seberapa jauh
            ia boleh ditafsirkan.

            ## Kelanjutannya

            Penelitian sesudahnya menambal banyak hal: cara menandai urutan kata, cara menyimpan
            hasil antara agar percakapan panjang tidak dihitung ulang, dan cara membatasi perhatian
            pada bagian yang relevan. Rancangan dasarnya tetap mudah dikenali. Orang yang memahami
            makalah lama ini dapat membaca kabar tentang model baru dengan lebih tenang.

            ## Coba sendiri

            Ambil satu prompt kerja Anda. Ganti semua "itu", "tersebut", dan "dia" dengan nama
            bendanya. Bandingkan hasilnya. Sering kali perbaikan termurah bukan model yang lebih
            besar, melainkan rujukan yang lebih jelas.
        """,
        tags=("transformer", "dasar AI", "prompt"),
        language="id",
        days_ago=5.6,
        author="admin-1",
        views=264,
        paper_url="https://arxiv.org/abs/1706.03762",
    ),
    Digest(
        title="Mencari Dulu, Menjawab Kemudian: Asal-Usul RAG",
        summary=(
            "Menggabungkan mesin pencari dengan model bahasa membuat jawaban dapat ditelusuri ke "
            "sumbernya. Gagasan sederhana ini kini menopang banyak asisten kantor."
        ),
        implication=(
            "Bila asisten dokumen Anda salah, periksa dulu apa yang ditemukannya sebelum "
            "menyalahkan modelnya. Investasi terbaik biasanya merapikan dokumen, bukan mengganti "
            "model."
        ),
        content="""
            Model bahasa menyimpan pengetahuan di dalam bobotnya, seperti orang yang belajar untuk
            ujian lalu menutup buku. Pengetahuan itu tidak punya catatan kaki, tidak bisa diperbarui
            tanpa pelatihan ulang, dan mencampur yang ia ingat dengan yang ia kira.

            ## Gagasannya

            Pada 2020 sekelompok peneliti mengusulkan ujian dengan buku terbuka. Pertanyaan lebih
            dahulu dikirim ke sebuah pencari, yang memilih beberapa potongan teks dari kumpulan
            dokumen. Potongan itu ditempelkan di depan pertanyaan, lalu model menyusun jawaban
            darinya. Mereka menyebutnya *retrieval-augmented generation*, disingkat RAG.

            Dalam makalah aslinya pencari dan penjawab dilatih bersama. Di kantor, orang biasanya
            merangkai dua komponen jadi: basis data vektor dan model siap pakai. Namanya tetap sama.

            ## Apa yang diperoleh

            - Jawaban dapat menunjuk sumber, sehingga pembaca bisa memeriksa.
            - Dokumen baru langsung terpakai tanpa melatih apa pun.
            - Dokumen yang ditarik dapat benar-benar hilang dari jawaban.

            ## Tempat ia patah

            **Tidak ditemukan.** Pertanyaan memakai kata "cuti haid", dokumen menulis "istirahat
            hari pertama dan kedua". Pencarian makna menolong, tetapi tidak selalu.

            **Terpotong salah.** Tabel dibelah dua, dan separuhnya kehilangan judul kolom.

            **Ditemukan tetapi diabaikan.** Model lebih percaya pada ingatannya sendiri ketika
            potongan teks bertentangan dengan hal yang sering ia lihat saat dilatih.

            **Sumbernya sendiri keliru.** RAG menyalin kesalahan dengan rapi, lengkap dengan catatan
            kaki.

            ## Kapan tidak perlu

            Bila seluruh bahannya hanya lima halaman, tempelkan saja semuanya ke dalam prompt. Bila
            pertanyaannya menghitung, misalnya "berapa kontrak yang berakhir tahun ini?", pencari
            potongan teks tidak menolong, sebab jawabannya tersebar di semua dokumen. Untuk itu
            buatlah tabel lebih dulu, lalu tanyai tabelnya. Bila dokumennya berubah setiap jam,
            lebih baik sambungkan asisten ke sistem asalnya, daripada menyimpan salinan yang selalu
            tertinggal.

            ## Cara mengukurnya

            Ukur dua hal secara terpisah. Pertama, dari sekian pertanyaan, seberapa sering potongan
            yang benar masuk hasil pencarian? Kedua, bila potongan yang benar sudah di tangan,
            seberapa sering jawabannya setia kepada potongan itu? Dua angka ini menunjuk ke
            perbaikan yang berbeda. Satu angka gabungan hanya menunjuk ke rapat.
        """,
        tags=("RAG", "pencarian", "dokumen"),
        language="id",
        days_ago=12.4,
        author="admin-1",
        views=311,
        paper_url="https://arxiv.org/abs/2005.11401",
    ),
    Digest(
        title="Long Context Is Not Long Attention",
        summary=(
            "Models accept ever longer inputs, but studies show that facts in the middle are used "
            "less reliably than those at the edges. What that means for your prompts."
        ),
        implication=(
            "Put the question and the decisive material at the beginning or the end, send fewer "
            "and better passages, and test with the key fact in the middle before you trust a "
            "long input."
        ),
        content="""
            A context window is advertised like a suitcase: so many thousand words fit in. Whether
            the model finds a sock at the bottom of the suitcase is a different matter.

            ## The experiment

            In a study published in 2023, researchers gave models a question and a stack of
            documents, of which exactly one held the answer. Then they moved that document through
            the stack: first place, second place, and so on to the last. Everything else stayed the
            same.

            If models used their whole input evenly, position would not matter. It did. Accuracy
            tended to be highest when the document came first or last, and sagged in between. Drawn
            as a curve, it makes a U. The effect appeared in models built for long inputs as well.
            The authors called it being "lost in the middle".

            ## Why might that be?

            Explanations are still debated. Training texts often carry their key points at the start
            and the end, so a model may learn to look there. The way positions are encoded plays a
            part, and so does the habit of ending every prompt with the instruction.

            ## What has changed since

            Newer models do better at finding a single odd sentence in a long text, the popular
            "needle in a haystack" test. That test is kind, however: the needle is usually out of
            place and therefore easy to notice. Tasks that require combining several unremarkable
            facts, or noticing that something is *absent*, remain harder as inputs grow.

            ## At work

            1. **Order deliberately.** After retrieving passages, place the best first and the
               second-best last.
            2. **Send less.** Five good passages beat fifty mixed ones, and cost less.
            3. **Split the work.** Summarise each chapter by itself, then combine the summaries.
            4. **Repeat the question** after a long document, in the same words.
            5. **Run your own U-test.** Take a contract, hide one clause at ten different depths,
               and ask about it each time. It takes half an hour, and it tells you about *your*
               model and *your* documents, which no paper can.
        """,
        tags=("long context", "RAG", "evaluation"),
        language="en",
        days_ago=18.2,
        author="admin-2",
        views=205,
        paper_url="https://arxiv.org/abs/2307.03172",
    ),
    Digest(
        title="Berpikir dengan Suara Keras: Rantai Penalaran pada Model Bahasa",
        summary=(
            "Meminta model menuliskan langkah-langkahnya dapat memperbaiki jawaban soal "
            "bertingkat. Penelitian lanjutan bertanya apakah langkah itu memang alasan "
            "sebenarnya."
        ),
        implication=(
            "Mintalah langkah untuk soal yang bertingkat, tetapi periksa hasilnya, bukan "
            "keindahan uraiannya. Uraian yang rapi bukan bukti bahwa jawabannya benar."
        ),
        content="""
            Berikan soal cerita kepada seorang anak dan larang ia mencoret-coret. Ia akan menebak.
            Izinkan ia menulis, dan ia akan menghitung. Pada 2022 para peneliti menemukan bahwa
            model bahasa yang cukup besar berperilaku mirip.

            ## Gagasannya

            Mereka menyisipkan beberapa contoh ke dalam prompt. Setiap contoh tidak hanya memuat
            soal dan jawaban, tetapi juga langkah di antaranya. Model lalu meniru pola itu pada soal
            baru. Cara ini disebut *chain-of-thought*, rantai penalaran. Pada soal hitungan dan
            logika bertingkat hasilnya jauh membaik, terutama pada model besar. Pada model kecil,
            rantainya sering tampak meyakinkan namun tidak masuk akal.

            Tak lama kemudian kelompok lain menunjukkan bahwa satu kalimat ajakan untuk berpikir
            selangkah demi selangkah pun sudah membantu. Sejak itu banyak model dilatih khusus untuk
            menulis penalaran panjang sebelum menjawab, sehingga ajakan semacam itu tidak selalu
            diperlukan lagi.

            ## Mengapa berhasil

            Penjelasan yang sederhana: setiap kata yang ditulis menjadi masukan bagi kata
            berikutnya. Hasil antara tidak perlu disimpan "di kepala", karena sudah tertulis.

            ## Pertanyaan yang tidak nyaman

            Apakah langkah yang tertulis benar-benar alasan model memilih jawabannya? Beberapa
            penelitian memberi petunjuk halus di dalam soal, misalnya menyusun contoh agar
            jawabannya selalu pilihan A. Model ikut condong ke A, tetapi uraiannya tidak pernah
            menyebut petunjuk itu. Ia menulis alasan lain yang terdengar baik. Jadi rantai penalaran
            membantu *menghasilkan* jawaban, namun belum tentu *menjelaskan* jawaban.

            Ada juga temuan praktis: menjalankan soal yang sama beberapa kali lalu mengambil jawaban
            akhir yang paling sering muncul biasanya lebih tepat daripada percaya pada satu rantai
            saja. Biayanya tentu ikut berlipat. Anggaplah seperti bertanya kepada tiga rekan sebelum
            menandatangani.

            ## Di tempat kerja

            - Pakai untuk perhitungan, perbandingan, dan aturan berlapis. Untuk pertanyaan fakta
              sederhana, manfaatnya kecil dan biayanya lebih besar.
            - Jalankan tiga kali. Bila jawaban akhirnya berbeda, jangan pilih uraian yang paling
              enak dibaca; hitung sendiri.
            - Jangan memakai rantai penalaran sebagai dokumentasi keputusan. Untuk audit, simpan
              masukan, keluaran, aturan yang berlaku, dan nama orang yang memutuskan.
        """,
        tags=("penalaran", "prompt", "keandalan"),
        language="id",
        days_ago=24.1,
        author="admin-1",
        views=178,
        is_premium=True,
        paper_url="https://arxiv.org/abs/2201.11903",
    ),
    Digest(
        title="LoRA: Menyetel Model Besar dengan Tempelan Kecil",
        summary=(
            "Alih-alih mengubah seluruh bobot model, LoRA melatih tambahan tipis di sampingnya. "
            "Teknik ini membuat penyetelan terjangkau bagi kampus dan perusahaan kecil."
        ),
        implication=(
            "Sebelum menyetel, tanyakan apakah yang kurang itu gaya atau pengetahuan. Untuk gaya "
            "dan bentuk jawaban, LoRA masuk akal; untuk fakta yang berubah, pakai pencarian "
            "dokumen."
        ),
        content="""
            Bayangkan buku pelajaran setebal seribu halaman yang harus disesuaikan untuk bengkel
            Anda. Anda bisa mencetak ulang seluruhnya. Anda juga bisa menempelkan catatan kecil di
            pinggir halaman. LoRA, singkatan dari *low-rank adaptation*, memilih cara kedua.

            ## Gagasannya

            Bobot sebuah model tersusun dalam tabel angka yang sangat besar. Penyetelan biasa
            mengubah seluruh tabel. Para peneliti menduga bahwa perubahan yang dibutuhkan untuk satu
            tugas sebenarnya sederhana: dapat ditulis sebagai hasil kali dua tabel yang jauh lebih
            ramping. Tabel asli dibekukan, dan hanya kedua tabel ramping itu yang dilatih.

            Dugaan itu terbukti cukup baik. Pada banyak tugas mutu hasilnya mendekati penyetelan
            penuh, padahal bagian yang dilatih hanya sebagian kecil. Memori yang dibutuhkan turun,
            berkasnya ringan, dan satu model dasar dapat melayani banyak tempelan secara bergantian.

            Kelanjutannya menggabungkan LoRA dengan bobot berpresisi rendah, sehingga penyetelan
            bisa berjalan di satu kartu grafis.

            ## Apa yang bisa dan tidak bisa

            Tempelan pandai mengajarkan **bentuk**: format laporan medis, nada surat dinas,
            kebiasaan menjawab dalam bahasa Sunda halus. Ia kurang andal untuk menanam **fakta**
            baru, dan fakta yang tertanam tidak mudah dicabut ketika berubah.

            Ada pula risiko lupa. Model yang disetel sempit dapat menurun kemampuannya di tempat
            lain, termasuk kebiasaan menolak permintaan berbahaya. Uji kembali hal-hal yang dulu
            sudah baik.

            Satu hal lagi yang kerap mengejutkan pemula: tempelan tidak menambah kecerdasan. Bila
            model dasarnya tidak dapat menalar soal pajak, ia tetap tidak dapat, hanya kini dengan
            format yang rapi. Karena itu uji model dasarnya dulu, tanpa tempelan apa pun.

            ## Bila ingin mencoba

            1. Kumpulkan beberapa ratus contoh masukan dan keluaran yang Anda banggakan. Mutu lebih
               penting daripada jumlah.
            2. Sisihkan sebagian untuk uji, dan jangan disentuh.
            3. Bandingkan dengan prompt yang baik disertai lima contoh. Bila selisihnya tipis,
               berhenti di situ; prompt lebih mudah dirawat.
            4. Catat versi model dasarnya. Tempelan hanya cocok dengan halaman tempat ia dibuat.
            5. Periksa data contoh dari nama dan nomor orang. Yang masuk ke bobot sulit dihapus.
        """,
        tags=("fine-tuning", "LoRA", "open models"),
        language="id",
        days_ago=36.7,
        author="admin-1",
        views=126,
        is_premium=True,
        paper_url="https://arxiv.org/abs/2106.09685",
    ),
    Digest(
        title="When the Judge Is a Model",
        summary=(
            "Using one language model to grade another is cheap and often agrees with people. "
            "Research has also mapped its biases, and most of them can be reduced."
        ),
        implication=(
            "Let a model grade in bulk, but calibrate it against a few dozen human judgements, "
            "swap the order of answers, and keep the people for the cases where it wavers."
        ),
        content="""
            Marking a thousand chatbot answers by hand takes weeks. Asking a strong model to mark
            them takes minutes. Since 2023 this practice, *LLM-as-a-judge*, has become the quiet
            engine behind leaderboards, product tests and papers. Is the judge any good?

            ## What was found

            Researchers compared a model's verdicts with those of people on open questions, where
            two answers are placed side by side and the better one chosen. Agreement was high,
            roughly at the level at which people agree with one another. That last clause matters:
            people do not agree all that well either.

            ## The biases

            - **Position.** Some judges favour whichever answer is shown first.
            - **Length.** Longer answers look more thorough, even when they merely repeat
              themselves.
            - **Family resemblance.** A model may prefer text that sounds like its own.
            - **Weak arithmetic.** A judge that cannot solve the problem can be persuaded by a
              confident wrong solution.

            ## What helps

            Show each pair twice, with the order swapped, and count only verdicts that survive. Give
            the judge a reference answer where one exists. Ask for the reason before the verdict.
            Replace "which is better?" with narrow questions: does the answer cite a source, does it
            contradict the policy, does it address the customer formally?

            Narrow questions have a second benefit. A score of 7.8 tells nobody what to fix; "fails
            to cite in a third of the refunds questions" does.

            ## A protocol for a small team

            1. Two colleagues label fifty answers independently. Note how often they agree.
            2. Let the model judge the same fifty. If it agrees with them about as often as they
               agree with each other, use it.
            3. Read every case in which the swapped order changes the verdict.
            4. Repeat when the judging model is updated. A new judge means a new scale, so old and
               new scores do not belong in one chart.

            And for Indonesian: calibrate in Indonesian. A judge that is fair in English may reward
            stiff, translated phrasing at home.
        """,
        tags=("evaluation", "LLM-as-a-judge", "bias"),
        language="en",
        days_ago=47.3,
        author="admin-2",
        views=94,
        is_premium=True,
        paper_url="https://arxiv.org/abs/2306.05685",
    ),
)
